"""The bodies on their way: read once, hashed once, sent to as many inboxes as it takes."""

from collections import OrderedDict
from dataclasses import dataclass

from federation.database import Reader
from federation.digests import digest_header

_BYTES_MAX = 4_000_000


@dataclass(frozen=True, slots=True)
class Payload:
    """The bytes of an activity with the value of their `Digest` header."""

    body: bytes
    digest: str


class Payloads:
    """The bodies last used, at most 4 MB of them."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Payload] = OrderedDict()
        self._bytes = 0

    async def find(self, reader: Reader, activity_id: int) -> Payload | None:
        """Return the payload of an activity, or None when its body is no longer kept."""
        kept = self._kept.get(activity_id)
        if kept is not None:
            self._kept.move_to_end(activity_id)
            return kept
        body = await reader.value("SELECT body FROM activity WHERE id = ?", activity_id)
        if body is None:
            return None
        return self._kept.get(activity_id) or self._keep(activity_id, bytes(body))

    def _keep(self, activity_id: int, body: bytes) -> Payload:
        payload = self._kept[activity_id] = Payload(body, digest_header(body))
        self._bytes += len(body)
        while self._bytes > _BYTES_MAX and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest.body)
        return payload
