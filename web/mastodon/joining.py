"""Statuses put together for their reader from what is kept and what was just read.

Most statuses of a page are told to every reader alike but for what she did to them herself;
how these stand between the author and those flags is kept as it is. All else is joined anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from web.mastodon.filtered import NOTHING_FILTERED, Filtered
from web.mastodon.lines import (
    ACTOR,
    COUNTED,
    ID,
    KIND,
    POLICY,
    REBLOG_OF,
    THREAD,
    Line,
)
from web.mastodon.quoted import Circles, Quoted, approval, shallow_of, without_status
from web.mastodon.rendering import COUNTS, FLAGS, MINE, MUTED, NO_COUNTS, Plain
from web.mastodon.view import View

# Under this, which is no status, stands the version of the viewer's filters.
FILTERS = 0
# The end of a status that nobody in particular reads, and of one without boost and poll.
_NO_FLAGS = b"}"
_PLAIN = b',"reblog":null,"poll":null'


def known_pieces(view: View, lines: Sequence[Line]) -> dict[int, Plain]:
    """What is kept of these statuses for readers that are not their author, by id."""
    own = view.viewer_id
    if own is None:
        return {}
    plain = view.memory.renderings.plain[view.language]
    return {
        line[ID]: piece
        for line in lines
        if (piece := plain.get(line)) is not None and line[ACTOR] != own
    }


@dataclass(frozen=True, slots=True)
class Joining:
    """All that was read for one page; statuses by their id, `people` by theirs.

    `seen` is what the viewer did, None when nobody in particular views; `inner` what the quoted
    statuses quote themselves.
    """

    view: View
    pieces: Mapping[int, Plain]
    heads: Mapping[int, bytes]
    people: Mapping[int, bytes]
    seen: Mapping[int, int] | None
    marked: Mapping[int, Filtered]
    tallies: Mapping[int, bytes]
    circles: Circles
    quotes: Quoted
    quoted: Mapping[int, Line]
    inner: Quoted

    def page(self, lines: Sequence[Line], shown: Mapping[int, Line]) -> dict[int, bytes]:
        """The Statuses of these lines, by id; `shown` are those that they boost.

        Left out is what is gone, what boosts something the viewer may not see, and what her
        filters hide.
        """
        found: dict[int, bytes] = {}
        for line in lines:
            status_id, boosted_id = line[ID], line[REBLOG_OF]
            if status_id not in self.pieces and status_id not in self.heads:
                continue
            if self.marked and self._is_hidden(boosted_id or status_id):
                continue
            if boosted_id is None:
                found[status_id] = self._joined(line)
            elif boosted_id in shown:
                found[status_id] = self._joined(line, self._joined(shown[boosted_id]))
        return found

    def _joined(self, line: Line, reblog: bytes | None = None, quote: bytes = b"") -> bytes:
        piece = None if quote else self.pieces.get(line[ID])
        head, counts, end = piece or self._piece(line, reblog, quote)
        flags = _NO_FLAGS if self.seen is None else self._flags(line, self.seen)
        return b"".join((head, counts, self.people[line[ACTOR]], end, flags))

    def _piece(self, line: Line, reblog: bytes | None, quote: bytes) -> Plain:
        view, status_id, actor_id = self.view, line[ID], line[ACTOR]
        counted = line[COUNTED]
        counts = COUNTS % counted if any(counted) else NO_COUNTS
        end = _PLAIN
        if reblog is not None:
            end = b',"reblog":%b,"poll":null' % reblog
        elif status_id in self.tallies:
            end = b',"reblog":null,"poll":' + self.tallies[status_id]
        may_quote = approval(view.viewer_id, actor_id, line[KIND], line[POLICY], self.circles)
        quote = quote or self._quote(status_id)
        piece = (
            self.heads[status_id],
            counts,
            b'%b,"quote":%b,"quote_approval":%b' % (end, quote, may_quote),
        )
        if view.viewer_id not in (None, actor_id):
            view.memory.renderings.keep_plain(view.language, line, piece)
        return piece

    def _quote(self, status_id: int) -> bytes:
        state, quoted_id = self.quotes.states.get(status_id, ("", None))
        if quoted_id is None or quoted_id not in self.heads:
            return without_status(state)
        shallow = shallow_of(self.inner, quoted_id)
        told = self._joined(self.quoted[quoted_id], quote=shallow)
        return b'{"state":"%b","quoted_status":%b}' % (state.encode(), told)

    def _flags(self, line: Line, seen: Mapping[int, int]) -> bytes:
        """The end of a status: what the viewer did to it, and what her filters say."""
        boosted_id = line[REBLOG_OF]
        original_id = boosted_id or line[ID]
        mask = seen.get(original_id, 0)
        if boosted_id is None:
            mask |= seen.get(line[THREAD], 0) & MUTED
            if line[ACTOR] == self.view.viewer_id and line[KIND] != "named":
                mask |= MINE
        flags = FLAGS[mask]
        if self.marked and original_id in self.marked:
            flags = flags.replace(NOTHING_FILTERED, self.marked[original_id].flags)
        return flags

    def _is_hidden(self, original_id: int) -> bool:
        found = self.marked.get(original_id)
        return found is not None and found.hides
