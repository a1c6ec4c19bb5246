"""Rows of who: actors, logins, follows, blocks.

Data only: the schema itself stands in maillage/migrations, a test compares the two.
"""

from tortoise import fields
from tortoise.models import Model


class Actor(Model):
    """An ActivityPub identity, here or elsewhere."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    uri: str = fields.TextField()
    type: str = fields.TextField()
    origin: str = fields.TextField()
    is_local = fields.BooleanField()
    username: str = fields.TextField()
    handle_host: str = fields.TextField()
    display_name: str = fields.TextField(default="")
    summary_html: str = fields.TextField(default="")
    url: str | None = fields.TextField(null=True)
    inbox_url: str = fields.TextField()
    shared_inbox_url: str | None = fields.TextField(null=True)
    outbox_url: str | None = fields.TextField(null=True)
    followers_url: str | None = fields.TextField(null=True)
    following_url: str | None = fields.TextField(null=True)
    featured_url: str | None = fields.TextField(null=True)
    icon_url: str | None = fields.TextField(null=True)
    image_url: str | None = fields.TextField(null=True)
    profile_fields: str = fields.TextField(source_field="fields", default="[]")
    emojis: str = fields.TextField(default="[]")
    also_known_as: str = fields.TextField(default="[]")
    moved_to_uri: str | None = fields.TextField(null=True)
    locked = fields.BooleanField(default=False)
    discoverable = fields.BooleanField(default=False)
    indexable = fields.BooleanField(default=False)
    reachable = fields.BooleanField(default=True)
    followers_count: int = fields.BigIntField(default=0)
    following_count: int = fields.BigIntField(default=0)
    statuses_count: int = fields.BigIntField(default=0)
    last_status_at: int | None = fields.BigIntField(null=True)
    created_at: int = fields.BigIntField()
    updated_at: int = fields.BigIntField()
    fetched_at: int | None = fields.BigIntField(null=True)
    suspended_at: int | None = fields.BigIntField(null=True)
    silenced_at: int | None = fields.BigIntField(null=True)
    sensitized_at: int | None = fields.BigIntField(null=True)
    badge: str = fields.TextField(default="")
    deleted_at: int | None = fields.BigIntField(null=True)
    hide_collections = fields.BooleanField(default=False)
    attribution_domains: str = fields.TextField(default="[]")
    icon_description: str = fields.TextField(default="")
    image_description: str = fields.TextField(default="")
    show_media = fields.BooleanField(default=True)
    show_media_replies = fields.BooleanField(default=True)
    show_featured = fields.BooleanField(default=True)
    search_words: str = fields.TextField(default="")

    class Meta(Model.Meta):
        table = "actor"


class Role(Model):
    """A named set of permissions."""

    name = fields.CharField(max_length=2048, primary_key=True)
    permissions: str = fields.TextField()

    class Meta(Model.Meta):
        table = "role"


class Account(Model):
    """A local login."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    actor_id: int = fields.BigIntField()
    email: str | None = fields.TextField(null=True)
    password_hash: str | None = fields.TextField(null=True)
    role: str = fields.TextField()
    locale: str = fields.TextField()
    is_guest = fields.BooleanField(default=False)
    settings: str = fields.TextField(default="{}")
    created_at: int = fields.BigIntField()
    disabled_at: int | None = fields.BigIntField(null=True)
    is_approved = fields.BooleanField(default=True)
    is_confirmed = fields.BooleanField(default=True)

    class Meta(Model.Meta):
        table = "account"


class Follow(Model):
    """One actor follows another: pending or accepted."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    follower_id: int = fields.BigIntField()
    target_id: int = fields.BigIntField()
    uri: str = fields.TextField()
    state: str = fields.TextField()
    notify = fields.BooleanField(default=False)
    show_reblogs = fields.BooleanField(default=True)
    languages: str = fields.TextField(default="[]")
    created_at: int = fields.BigIntField()

    class Meta(Model.Meta):
        table = "follow"


class Block(Model):
    """One actor blocks another."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    actor_id: int = fields.BigIntField()
    target_id: int = fields.BigIntField()
    uri: str = fields.TextField()
    created_at: int = fields.BigIntField()

    class Meta(Model.Meta):
        table = "block"


class Mute(Model):
    """One actor does not want to read another."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    actor_id: int = fields.BigIntField()
    target_id: int = fields.BigIntField()
    notifications = fields.BooleanField(default=True)
    expires_at: int | None = fields.BigIntField(null=True)
    created_at: int = fields.BigIntField()

    class Meta(Model.Meta):
        table = "mute"


class Tombstone(Model):
    """What is gone, or was deleted before it came."""

    uri = fields.CharField(max_length=2048, primary_key=True)
    former_type: str = fields.TextField()
    actor_uri: str = fields.TextField()
    deleted_at: int = fields.BigIntField()

    class Meta(Model.Meta):
        table = "tombstone"
