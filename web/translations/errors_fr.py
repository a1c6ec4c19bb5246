"""The sentences of errors in French, by the codes of `federation.errors.SENTENCES`."""

SENTENCES: dict[str, str] = {}
