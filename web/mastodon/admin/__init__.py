"""The client API of those who look after the site."""
