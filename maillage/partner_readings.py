"""What a person reads of an agreement beside its scope: its convention, and what was refused."""

from federation.errors import NodeError
from federation.node import Node
from federation.partner_refusals import refusals
from federation.partnerships import Partnership
from inbox import terms
from maillage.messages import say
from web.translations import sentence


async def terms_lines(node: Node, known: Partnership) -> list[str]:
    """The convention, whole: what is confirmed was read."""
    agreement = known.offer.agreement if known.offer else known.agreement
    try:
        found = await terms.read(node, agreement)
    except NodeError as error:
        reason = sentence(node.language, error.code, error.params)
        return [say(node.language, "partner.terms_unread", reason=reason)]
    if found is None:
        return []
    title = say(node.language, "partner.terms", name=found.name, digest=found.digest)
    return [title, *(f"  {line}" for line in found.content.splitlines())]


async def refusal_lines(node: Node, origin: str) -> list[str]:
    """One line for each reason for which requests in the partner's name were turned away."""
    return [
        say(
            node.language,
            "partner.refused",
            requests=one.requests,
            sentence=sentence(node.language, one.code, {"origin": origin}),
        )
        for one in await refusals(node.db, origin)
    ]
