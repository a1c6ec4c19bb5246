"""The client API that Mastodon-compatible applications speak."""
