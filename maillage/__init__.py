"""The composition root: settings, database, workers, command line."""
