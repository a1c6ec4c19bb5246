"""Settings: one calm list, and a page for each thing that a person may set."""
