"""What reaches an actor: handlers, notifications, timelines."""
