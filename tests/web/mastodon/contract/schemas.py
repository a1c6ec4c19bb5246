"""The entities of the client API as JSON Schema: what strict clients decode, key by key.

`null(…)` is present and perhaps null; a name that ends in `?` may be absent, one that begins with
`@` is for persons alone.
"""

from tests.web.mastodon.contract.entities_admin import ADMIN
from tests.web.mastodon.contract.entities_notifications import NOTIFICATIONS
from tests.web.mastodon.contract.entities_people import PEOPLE
from tests.web.mastodon.contract.entities_sites import SITES
from tests.web.mastodon.contract.entities_statuses import STATUSES
from tests.web.mastodon.contract.notation import Schema, for_reader, many, ref

DEFS: dict[str, Schema] = STATUSES | PEOPLE | NOTIFICATIONS | SITES | ADMIN
# What is another entity with something added: a key of the other one is seen in either.
BASES: dict[str, str] = {
    "DeletedStatus": "Status",
    "AdminTrendStatus": "Status",
    "MutedAccount": "Account",
    "CredentialAccount": "Account",
    "TrendLink": "PreviewCard",
    "AdminTrendLink": "PreviewCard",
    "AdminTag": "Tag",
    "AdminAnnouncement": "Announcement",
    "CredentialApplication": "Application",
}
DRAFT = "https://json-schema.org/draft/2020-12/schema"


_FOR = {is_person: for_reader(DEFS, is_person=is_person) for is_person in (True, False)}


def schema_of(name: str, *, is_person: bool) -> Schema:
    """The whole schema of an answer to a person, or to who is none: `Status`, or `[Status]`."""
    inner = ref(name.strip("[]"))
    top = many(inner) if name.startswith("[") else inner
    return {"$schema": DRAFT, "$defs": _FOR[is_person]} | top
