"""Rows of the wire: keys, peers, activities, deliveries and what was handed to whom.

Data only: the schema itself stands in maillage/migrations, a test compares the two.
"""

from tortoise import fields
from tortoise.models import Model


class Key(Model):
    """A public key, ours (with its private half, encrypted) or a cached one of somebody else."""

    key_id = fields.CharField(max_length=2048, primary_key=True)
    owner_uri: str = fields.TextField()
    origin: str = fields.TextField()
    algorithm: str = fields.TextField()
    public_text: str = fields.TextField()
    private_encrypted: bytes | None = fields.BinaryField(null=True)
    vouches_for_origin = fields.BooleanField(default=False)
    pinned_at: int | None = fields.BigIntField(null=True)
    fetched_at: int = fields.BigIntField()
    retired_at: int | None = fields.BigIntField(null=True)

    class Meta(Model.Meta):
        table = "key"


class Peer(Model):
    """An origin we exchange with: our policy towards it, and its health."""

    origin = fields.CharField(max_length=2048, primary_key=True)
    policy: str = fields.TextField()
    software: str | None = fields.TextField(null=True)
    signature_form: str | None = fields.TextField(null=True)
    takes_ed25519 = fields.BooleanField(default=False)
    last_heard_at: int | None = fields.BigIntField(null=True)
    failing_since: int | None = fields.BigIntField(null=True)
    attempts: int = fields.BigIntField(default=0)
    next_attempt_at: int | None = fields.BigIntField(null=True)
    note: str | None = fields.TextField(null=True)
    created_at: int = fields.BigIntField()

    class Meta(Model.Meta):
        table = "peer"


class ActivityRecord(Model):
    """One activity, received or published, with what became of it."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    uri: str = fields.TextField()
    type: str = fields.TextField()
    actor_uri: str = fields.TextField()
    object_uri: str | None = fields.TextField(null=True)
    origin: str = fields.TextField()
    body: bytes | None = fields.BinaryField(null=True)
    progress: str = fields.TextField()
    outcome_code: str | None = fields.TextField(null=True)
    outcome_params: str | None = fields.TextField(null=True)
    attempts: int = fields.BigIntField(default=0)
    next_attempt_at: int | None = fields.BigIntField(null=True)
    created_at: int = fields.BigIntField()

    class Meta(Model.Meta):
        table = "activity"


class Delivery(Model):
    """One activity on its way to one inbox."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    activity_id: int = fields.BigIntField()
    inbox_url: str = fields.TextField()
    origin: str = fields.TextField()
    sender_uri: str = fields.TextField()
    object_uri: str | None = fields.TextField(null=True)
    activity_type: str = fields.TextField()
    audience_kind: str = fields.TextField()
    progress: str = fields.TextField()
    attempts: int = fields.BigIntField(default=0)
    errors_in_row: int = fields.BigIntField(default=0)
    parked = fields.BooleanField(default=False)
    next_attempt_at: int = fields.BigIntField()
    last_status: int | None = fields.BigIntField(null=True)
    last_error: str | None = fields.TextField(null=True)
    created_at: int = fields.BigIntField()
    done_at: int | None = fields.BigIntField(null=True)

    class Meta(Model.Meta):
        table = "delivery"
