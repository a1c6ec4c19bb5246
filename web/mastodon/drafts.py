"""What a client sends to write a status: new, scheduled or edited, the same fields."""

from federation.activity import time_ms
from federation.errors import Invalid, describe
from outbox.drafts import Draft
from outbox.edits import MediaChange, Revision
from outbox.quotes import POLICIES
from web.mastodon.audiences import read_audience
from web.mastodon.call import Call
from web.mastodon.params import Params
from web.mastodon.polls import read_poll
from web.mastodon.preferences import Defaults, read_language_code
from web.mastodon.quotes import read_policy

KEY_CHARACTERS_MAX = 200
MEDIA_MAX = 20
DESCRIPTION_CHARACTERS_MAX = 1_500

describe(
    {
        "param.time": "{field} must be a time such as 2026-01-31T12:00:00Z.",
        "param.focus": "{field} must be two numbers from -1 to 1, such as 0.0,-0.5.",
    }
)


async def read_draft(call: Call, params: Params, defaults: Defaults) -> Draft:
    """The draft in the fields of `POST /api/v1/statuses`; Invalid names the wrong field."""
    visibility, partners = await read_audience(call, params, defaults)
    spoiler = params.text("spoiler_text", call.node.limits.body_bytes_max) or ""
    sensitive = params.flag("sensitive")
    if sensitive is None:
        sensitive = defaults.get("sensitive", False)
    assert call.token is not None
    return Draft(
        text=params.text("status", call.node.limits.body_bytes_max) or "",
        visibility=visibility,
        partners=tuple(partners),
        spoiler_text=spoiler,
        sensitive=sensitive or bool(spoiler),
        language=read_language_code(params) or defaults.get("language"),
        in_reply_to_id=params.id("in_reply_to_id"),
        idempotency_key=call.header(b"idempotency-key")[:KEY_CHARACTERS_MAX] or None,
        application_id=call.token.application_id,
        media_ids=read_media_ids(params),
        poll=read_poll(params),
        quoted_status_id=params.id("quoted_status_id"),
        quote_policy=read_policy(params, defaults),
    )


def read_revision(call: Call, params: Params) -> Revision:
    """The whole of what a status is to say, in the fields of `PUT /api/v1/statuses/:id`.

    As with Mastodon, media and poll that are not sent are taken away.
    """
    spoiler = params.text("spoiler_text", call.node.limits.body_bytes_max) or ""
    return Revision(
        text=params.text("status", call.node.limits.body_bytes_max) or "",
        spoiler_text=spoiler,
        sensitive=bool(params.flag("sensitive")) or bool(spoiler),
        language=read_language_code(params),
        media_ids=read_media_ids(params),
        media_changes=_media_changes(params),
        poll=read_poll(params),
        quote_policy=params.choice("quote_approval_policy", POLICIES),
    )


def read_media_ids(params: Params) -> tuple[int, ...]:
    """The ids of `media_ids[]`; Invalid when one of them is none."""
    texts = params.texts("media_ids", MEDIA_MAX)
    ids = params.ids("media_ids", MEDIA_MAX)
    if len(ids) < len(set(texts)):
        raise Invalid("media.unusable", field="media_ids")
    return tuple(ids)


def _media_changes(params: Params) -> tuple[MediaChange, ...]:
    found: list[MediaChange] = []
    for table in params.tables("media_attributes", MEDIA_MAX):
        media_id = table.id("id")
        if media_id is None:
            raise Invalid("param.missing", field=table.label("id"))
        description = table.text("description", DESCRIPTION_CHARACTERS_MAX)
        found.append(MediaChange(media_id, description, read_focus(table)))
    return tuple(found)


def read_focus(params: Params) -> tuple[float, float] | None:
    """The point of a picture that always stays visible, from `focus=x,y`; None when absent."""
    text = params.text("focus", 60)
    if not text:
        return None
    parts = text.split(",")
    try:
        x, y = (float(part) for part in parts)
    except ValueError:
        raise Invalid("param.focus", field=params.label("focus")) from None
    if not (-1 <= x <= 1 and -1 <= y <= 1):
        raise Invalid("param.focus", field=params.label("focus"))
    return x, y


def read_moment(params: Params, name: str) -> int | None:
    """The time of a field in ms, None when it is absent or empty; Invalid for what is no time."""
    text = params.text(name, 100)
    if not text:
        return None
    moment = time_ms(text)
    if moment is None:
        raise Invalid("param.time", field=params.label(name))
    return moment
