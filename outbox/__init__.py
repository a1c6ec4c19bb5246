"""What an actor publishes: statuses, their audiences and interactions."""
