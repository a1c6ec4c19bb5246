"""What an offer that comes is compared with before anybody is shown it: whose it is, whose keys."""

from federation.activity import time_ms
from federation.agreements import Agreement
from federation.errors import NodeError, Refused, describe
from federation.fetch import as_object
from federation.fingerprints import same
from federation.node import Node
from federation.pairing_documents import RELATIONS, Act
from federation.partnerships import Partnership
from federation.site_documents import Site, own_fingerprint

describe(
    {
        "pairing.third_site": "The agreement is not between {origin} and this site.",
        "pairing.other_keys": "The agreement names other keys than those of {origin}; fetch them"
        " again and offer anew.",
        "pairing.over": "The agreement has ended before it began; offer one that lasts.",
        "pairing.crossing": "Both sites have offered at the same time; the offer of {origin}"
        " stands, confirm that one.",
    }
)


class Conflict(NodeError):
    """409: well said, but something else stands already."""

    status = 409


async def check_parties(node: Node, act: Act, site: Site, agreement: Agreement) -> None:
    """Raise Refused unless an offer is of its sender to this site, by the keys both have now."""
    between = {party.origin for party in agreement.parties} == {node.origin, site.origin}
    item = as_object(act.document.get("object"))
    stated = (item.get("subject"), item.get("object"))
    known = item.get("relationship") in RELATIONS.values()
    expected = (f"{site.origin}/actor", node.uris.instance_actor)
    ours = act.uri.startswith(f"{site.origin}/")
    if not between or stated != expected or not known or not ours:
        raise Refused("pairing.third_site", origin=site.origin)
    theirs = agreement.party(site.origin).fingerprint
    own = agreement.party(node.origin).fingerprint
    if not same(own, await own_fingerprint(node.db, node.uris)):
        raise Refused("pairing.other_keys", origin=node.origin)
    if not same(theirs, site.fingerprint) or not same(act.fingerprint, site.fingerprint):
        raise Refused("pairing.other_keys", origin=site.origin)
    if (time_ms(agreement.ends) or 0) <= node.clock():
        raise Refused("pairing.over")


def follows(known: Partnership, site: Site, agreement: Agreement) -> bool:
    """Whether an offer goes on with what both know, so that no invitation is needed again."""
    if known.offer is not None and known.offer.is_ours:
        before = known.offer.agreement
    elif known.is_in_force or known.state in {"asked", "expired"}:
        before = known.agreement
    else:
        return False
    return (
        same(known.fingerprint, site.fingerprint)
        and agreement.uri == before.uri
        and agreement.revision > before.revision
    )


def check_crossing(
    node: Node, known: Partnership | None, agreement: Agreement, origin: str
) -> None:
    """Of two first offers the one of the lower origin stands, on both sides."""
    if known is None or known.state != "offered" or known.offer is None:
        return
    crosses = known.offer.is_ours and known.offer.agreement.uri != agreement.uri
    if crosses and node.origin < origin:
        raise Conflict("pairing.crossing", origin=node.origin)
