"""Which usernames can be given to an actor of this node."""

from actors.received import USERNAME
from federation.errors import Invalid, describe
from federation.node import Node

describe(
    {
        "username.invalid": "The username {came} is not possible; use letters a to z, digits and"
        " underscores, with dots and hyphens between them, at most 64 characters.",
        "username.reserved": "The username {came} is kept for the node itself.",
    }
)

USERNAME_CHARACTERS_MAX = 64

# Names under which people would take a person for the node, or a page for a person.
RESERVED = frozenset(
    [
        "abuse",
        "actor",
        "admin",
        "administrateur",
        "administrator",
        "api",
        "auth",
        "contact",
        "dpo",
        "everyone",
        "groups",
        "help",
        "inbox",
        "instance",
        "localhost",
        "login",
        "maillage",
        "moderation",
        "moderator",
        "nodeinfo",
        "null",
        "oauth",
        "outbox",
        "postmaster",
        "relay",
        "root",
        "security",
        "staff",
        "support",
        "system",
        "tout-le-monde",
        "users",
        "webmaster",
        "well-known",
    ]
)


def check_username(node: Node, username: str) -> None:
    """Raise Invalid for a name that cannot be written in a handle, or is kept for the node."""
    if len(username) > USERNAME_CHARACTERS_MAX or not USERNAME.fullmatch(username):
        raise Invalid("username.invalid", field="username", came=username)
    host = node.host.partition(":")[0].lower()
    if username.lower() in RESERVED or username.lower() in (host, node.host.lower()):
        raise Invalid("username.reserved", field="username", came=username)
