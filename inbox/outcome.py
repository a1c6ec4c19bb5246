"""What became of an activity: never silence, always a code with its parameters.

`done` had its effect, or had it before; `ignored` is well formed but nothing to us; `refused`
is the sender's fault and final. The code is stored and said later in the reader's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import orjson

State = Literal["done", "ignored", "refused"]
_PARAM_CHARACTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one activity.

    `orphan_id` is a status whose parent is not here yet.
    """

    state: State
    code: str
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    orphan_id: int | None = None

    @classmethod
    def done(cls, code: str, **params: str) -> "Outcome":
        """It had its effect, now or before."""
        return cls("done", code, params)

    @classmethod
    def ignored(cls, code: str, **params: str) -> "Outcome":
        """It is none of our business; `code` begins with `ignored.`."""
        return cls("ignored", code, params)

    @classmethod
    def refused(cls, code: str, **params: str) -> "Outcome":
        """The sender had no right to it; final."""
        return cls("refused", code, params)

    @property
    def progress(self) -> str:
        """The word in the activity's row: what was ignored needs nothing more either."""
        return "refused" if self.state == "refused" else "done"

    @property
    def stored_params(self) -> str | None:
        """The parameters as stored: JSON, each value cut to what a page can show."""
        if not self.params:
            return None
        cut = {name: value[:_PARAM_CHARACTERS_MAX] for name, value in self.params.items()}
        return orjson.dumps(cut).decode()
