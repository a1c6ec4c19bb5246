"""Rows of what reaches people.

Data only: the schema itself stands in maillage/migrations, a test compares the two.
"""

from tortoise import fields
from tortoise.models import Model


class Notification(Model):
    """Somebody is told something."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    recipient_id: int = fields.BigIntField()
    type: str = fields.TextField()
    from_actor_id: int = fields.BigIntField()
    status_id: int = fields.BigIntField(default=0)
    group_key: str | None = fields.TextField(null=True)
    filtered = fields.BooleanField(default=False)
    read_at: int | None = fields.BigIntField(null=True)
    created_at: int = fields.BigIntField()

    class Meta(Model.Meta):
        table = "notification"


class Report(Model):
    """A report about an actor."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    uri: str | None = fields.TextField(null=True)
    actor_id: int = fields.BigIntField()
    target_id: int = fields.BigIntField()
    status_ids: str = fields.TextField(default="[]")
    comment: str = fields.TextField(default="")
    category: str = fields.TextField(default="other")
    created_at: int = fields.BigIntField()
    action_taken_at: int | None = fields.BigIntField(null=True)
    rule_ids: str = fields.TextField(default="[]")
    is_forwarded = fields.BooleanField(default=False)
    assigned_id: int | None = fields.BigIntField(null=True)
    action_taken_by_id: int | None = fields.BigIntField(null=True)
    updated_at: int | None = fields.BigIntField(null=True)

    class Meta(Model.Meta):
        table = "report"
