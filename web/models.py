"""Rows of the clients and sessions that speak for an account.

Data only: the schema itself stands in maillage/migrations, a test compares the two.
"""

from tortoise import fields
from tortoise.models import Model


class Application(Model):
    """A registered client."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    client_id: str = fields.TextField()
    client_secret_hash: str = fields.TextField()
    name: str = fields.TextField()
    website: str | None = fields.TextField(null=True)
    redirect_uris: str = fields.TextField()
    scopes: str = fields.TextField()
    created_at: int = fields.BigIntField()

    class Meta(Model.Meta):
        table = "application"


class AuthorizationCode(Model):
    """A consent on its way to becoming a token."""

    code_hash = fields.CharField(max_length=2048, primary_key=True)
    application_id: int = fields.BigIntField()
    account_id: int = fields.BigIntField()
    redirect_uri: str = fields.TextField()
    scopes: str = fields.TextField()
    challenge: str | None = fields.TextField(null=True)
    expires_at: int = fields.BigIntField()
    used_at: int | None = fields.BigIntField(null=True)
    access_token_id: int | None = fields.BigIntField(null=True)

    class Meta(Model.Meta):
        table = "authorization_code"


class AccessToken(Model):
    """A client's key to an account; only its hash is stored."""

    id: int = fields.BigIntField(primary_key=True, generated=False)
    token_hash: str = fields.TextField()
    application_id: int | None = fields.BigIntField(null=True)
    account_id: int | None = fields.BigIntField(null=True)
    scopes: str = fields.TextField()
    created_at: int = fields.BigIntField()
    revoked_at: int | None = fields.BigIntField(null=True)

    class Meta(Model.Meta):
        table = "access_token"


class Session(Model):
    """A browser signed in to this node's own pages."""

    token_hash = fields.CharField(max_length=2048, primary_key=True)
    account_id: int = fields.BigIntField()
    created_at: int = fields.BigIntField()
    expires_at: int = fields.BigIntField()
    device: str = fields.TextField(default="")
    method: str = fields.TextField(default="password")
    is_shared = fields.BooleanField(default=False)

    class Meta(Model.Meta):
        table = "session"
