"""Who: actors here and elsewhere, accounts, follows, blocks."""
