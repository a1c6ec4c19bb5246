"""HTTP: ActivityPub endpoints, the Mastodon API, OAuth and pages."""
