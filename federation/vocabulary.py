"""Names of the wire: contexts, content types, and the spellings of *everybody*."""

from typing import Any

Document = dict[str, Any]

AS2 = "https://www.w3.org/ns/activitystreams"
PUBLIC = f"{AS2}#Public"
PUBLIC_SPELLINGS = frozenset({PUBLIC, "as:Public", "Public"})
AS2_TYPE = f'application/ld+json; profile="{AS2}"'
ACTIVITY_TYPE = "application/activity+json"

# Extension terms stand inline: Mastodon wants the exact AS2 string in the list and nobody
# should have to fetch a context of ours.
CONTEXT: list[Any] = [
    AS2,
    "https://w3id.org/security/v1",
    {
        "toot": "http://joinmastodon.org/ns#",
        "schema": "http://schema.org#",
        "litepub": "http://litepub.social/ns#",
        "webfinger": "https://purl.archive.org/socialweb/webfinger#webfinger",
        "implements": {"@id": "https://w3id.org/fep/844e#implements", "@type": "@id"},
        "assertionMethod": {
            "@id": "https://w3id.org/security#assertionMethod",
            "@type": "@id",
            "@container": "@set",
        },
        "Multikey": "https://w3id.org/security#Multikey",
        "publicKeyMultibase": "https://w3id.org/security#publicKeyMultibase",
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "sensitive": "as:sensitive",
        "Hashtag": "as:Hashtag",
        "Emoji": "toot:Emoji",
        "movedTo": {"@id": "as:movedTo", "@type": "@id"},
        "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "featuredTags": {"@id": "toot:featuredTags", "@type": "@id"},
        "blurhash": "toot:blurhash",
        "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
        "votersCount": "toot:votersCount",
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "suspended": "toot:suspended",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "directMessage": "litepub:directMessage",
        "gts": "https://gotosocial.org/ns#",
        "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
        "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
        "audienceKind": "urn:x-maillage:audienceKind",
        "canReply": {"@id": "gts:canReply", "@type": "@id"},
        "canAnnounce": {"@id": "gts:canAnnounce", "@type": "@id"},
        "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
        "manualApproval": {"@id": "gts:manualApproval", "@type": "@id"},
        "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
        "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
        "quote": {"@id": "https://w3id.org/fep/044f#quote", "@type": "@id"},
        "quoteAuthorization": {
            "@id": "https://w3id.org/fep/044f#quoteAuthorization",
            "@type": "@id",
        },
        "QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
        "QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest",
        "quoteUri": "http://fedibird.com/ns#quoteUri",
        "_misskey_quote": "https://misskey-hub.net/ns#_misskey_quote",
    },
]

# The activities that mean nothing without an object; what we do not know may need none (Ping).
WITH_OBJECT = frozenset(
    {"Accept", "Add", "Announce", "Block", "Create", "Delete", "Dislike", "EmojiReact", "Flag",
     "Follow", "Like", "Move", "QuoteRequest", "Reject", "Remove", "Undo", "Update"}
)  # fmt: skip
ACTOR_TYPES = frozenset({"Application", "Group", "Organization", "Person", "Service"})
STATUS_TYPES = frozenset(
    {"Note", "Question", "Article", "Page", "Event", "Video", "Audio", "Image", "ChatMessage"}
)
