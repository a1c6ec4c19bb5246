"""Rows of what actors publish, and of who may see it.

Data only: the schema itself stands in maillage/migrations, a test compares the two.
"""

from tortoise import fields
from tortoise.models import Model


class Audience(Model):
    """Who may see an object."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    kind: str = fields.TextField()
    uri: str | None = fields.TextField(null=True)
    owner: str = fields.TextField()
    created_at: int = fields.BigIntField()
    digest: str | None = fields.TextField(null=True)

    class Meta(Model.Meta):
        table = "audience"


class Status(Model):
    """A stored object of an actor: Note, Question, Article… or the boost of one."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    uri: str = fields.TextField()
    url: str | None = fields.TextField(null=True)
    actor_id: int = fields.BigIntField()
    audience_id: int = fields.BigIntField()
    audience_kind: str = fields.TextField()
    is_local = fields.BooleanField()
    type: str = fields.TextField()
    title: str | None = fields.TextField(null=True)
    content_html: str = fields.TextField(default="")
    text: str | None = fields.TextField(null=True)
    summary: str = fields.TextField(default="")
    sensitive = fields.BooleanField(default=False)
    language: str | None = fields.TextField(null=True)
    emojis: str = fields.TextField(default="[]")
    in_reply_to_id: int | None = fields.BigIntField(null=True)
    in_reply_to_uri: str | None = fields.TextField(null=True)
    in_reply_to_actor_id: int | None = fields.BigIntField(null=True)
    thread_root_id: int = fields.BigIntField()
    context_uri: str | None = fields.TextField(null=True)
    reblog_of_id: int | None = fields.BigIntField(null=True)
    quote_of_id: int | None = fields.BigIntField(null=True)
    quote_uri: str | None = fields.TextField(null=True)
    application_id: int | None = fields.BigIntField(null=True)
    published_at: int = fields.BigIntField()
    edited_at: int | None = fields.BigIntField(null=True)
    replies_count: int = fields.BigIntField(default=0)
    reblogs_count: int = fields.BigIntField(default=0)
    favourites_count: int = fields.BigIntField(default=0)
    quote_automatic: str | None = fields.TextField(null=True)
    quote_manual: str | None = fields.TextField(null=True)
    quote_state: str | None = fields.TextField(null=True)
    quotes_count: int = fields.BigIntField(default=0)
    card_at: int | None = fields.BigIntField(null=True)
    is_covered = fields.BooleanField(default=False)

    class Meta(Model.Meta):
        table = "status"


class StatusEdit(Model):
    """What a status said before an edit."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    status_id: int = fields.BigIntField()
    content_html: str = fields.TextField()
    summary: str = fields.TextField()
    sensitive = fields.BooleanField()
    created_at: int = fields.BigIntField()
    emojis: str = fields.TextField(default="[]")
    media: str = fields.TextField(default="[]")
    poll_options: str | None = fields.TextField(null=True)

    class Meta(Model.Meta):
        table = "status_edit"


class Attachment(Model):
    """A media file of a status."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    status_id: int | None = fields.BigIntField(null=True)
    actor_id: int = fields.BigIntField()
    position: int = fields.BigIntField(default=0)
    type: str = fields.TextField()
    media_type: str | None = fields.TextField(null=True)
    url: str | None = fields.TextField(null=True)
    remote_url: str | None = fields.TextField(null=True)
    preview_url: str | None = fields.TextField(null=True)
    description: str | None = fields.TextField(null=True)
    blurhash: str | None = fields.TextField(null=True)
    focus_x: float | None = fields.FloatField(null=True)
    focus_y: float | None = fields.FloatField(null=True)
    width: int | None = fields.BigIntField(null=True)
    height: int | None = fields.BigIntField(null=True)
    created_at: int = fields.BigIntField()
    progress: str = fields.TextField(default="done")
    failure: str | None = fields.TextField(null=True)
    claimed_until: int | None = fields.BigIntField(null=True)
    attempts: int = fields.BigIntField(default=0)
    kept_until: int | None = fields.BigIntField(null=True)
    file_name: str | None = fields.TextField(null=True)
    duration_s: float | None = fields.FloatField(null=True)
    frame_rate: str | None = fields.TextField(null=True)
    bitrate: int | None = fields.BigIntField(null=True)
    preview_width: int | None = fields.BigIntField(null=True)
    preview_height: int | None = fields.BigIntField(null=True)

    class Meta(Model.Meta):
        table = "attachment"


class Tag(Model):
    """A hashtag, folded to lower case."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    name: str = fields.TextField()

    class Meta(Model.Meta):
        table = "tag"


class Favourite(Model):
    """An actor thanks for a status."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    actor_id: int = fields.BigIntField()
    status_id: int = fields.BigIntField()
    uri: str = fields.TextField()
    created_at: int = fields.BigIntField()

    class Meta(Model.Meta):
        table = "favourite"


class Bookmark(Model):
    """An actor keeps a status."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    actor_id: int = fields.BigIntField()
    status_id: int = fields.BigIntField()
    created_at: int = fields.BigIntField()

    class Meta(Model.Meta):
        table = "bookmark"


class Poll(Model):
    """A question's poll."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    status_id: int = fields.BigIntField()
    multiple = fields.BooleanField()
    hide_totals = fields.BooleanField(default=False)
    ends_at: int | None = fields.BigIntField(null=True)
    voters_count: int | None = fields.BigIntField(null=True)
    tally_sent_at: int | None = fields.BigIntField(null=True)
    tally_due_at: int | None = fields.BigIntField(null=True)
    ended_at: int | None = fields.BigIntField(null=True)
    refresh_due_at: int | None = fields.BigIntField(null=True)
    refreshed_at: int | None = fields.BigIntField(null=True)

    class Meta(Model.Meta):
        table = "poll"


class PollVote(Model):
    """One choice of one actor."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    poll_id: int = fields.BigIntField()
    actor_id: int = fields.BigIntField()
    choice: int = fields.BigIntField()
    uri: str = fields.TextField()
    created_at: int = fields.BigIntField()

    class Meta(Model.Meta):
        table = "poll_vote"
