"""What `maillage partner` does to a node: each function opens it, does one thing and closes it.

They work while the server runs. What a partner must be asked at once is asked here; all else is
queued, and the server sends it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from federation.database import Transaction
from federation.errors import Invalid, describe
from federation.node import Node
from federation.origins import authority_of
from federation.partnerships import Partnership, listing
from federation.scopes import Scope, read_scope
from inbox import pairing, partnership_acts
from inbox.pairing import By, needed, origin_typed, safety_number_with
from inbox.partner_probe import Check
from inbox.partner_probe import probe as probe_partner
from maillage.commands import with_node
from maillage.held_lines import held_lines
from maillage.messages import Language, say
from maillage.partner_readings import refusal_lines, terms_lines
from maillage.settings import Settings

describe({"partner.grant": "{came} cannot be read; write field=value."})

BY = By()


def scope_of(words: Sequence[str], missing: Scope) -> Scope:
    """A scope as typed: `field=value`…; what is not said is as in `missing`. Raises Invalid."""
    typed: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise Invalid("partner.grant", field="grant", came=word)
        typed[name.strip()] = _value(value.strip())
    return read_scope(typed, missing)


def _value(text: str) -> str | int | bool:
    if text in {"true", "false"}:
        return text == "true"
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else text


async def invite(settings: Settings, host: str, grants: Sequence[str]) -> tuple[str, str]:
    """The code for a host, and the host as it was understood."""

    async def work(node: Node) -> tuple[str, str]:
        origin, scope = origin_typed(node, host), scope_of(grants, Scope())

        async def write(tx: Transaction) -> str:
            return (await pairing.invite(node, tx, origin, scope, BY)).text()

        return await node.db.write(write), authority_of(origin)

    return await with_node(settings, work)


async def look(settings: Settings, code: str) -> tuple[str, list[str]]:
    """The name of who made a code, and the lines that a person reads before offering."""

    async def work(node: Node) -> tuple[str, list[str]]:
        _, site = await pairing.look(node, code)
        number = await safety_number_with(node, site.origin, site.fingerprint)
        lines = site_lines(node.language, site.name, site.origin, site.contact)
        return site.name, [*lines, *number_lines(node.language, number)]

    return await with_node(settings, work)


async def offer(
    settings: Settings,
    code: str,
    grants: Sequence[str],
    asks: Sequence[str],
    days: int,
    new_sites: str,
) -> str:
    """Offer an agreement to who made a code; return its origin."""
    ours, theirs = scope_of(grants, Scope()), scope_of(asks, Scope())

    async def work(node: Node) -> str:
        known = await pairing.offer(node, code, ours, theirs, BY, days, new_sites=new_sites)
        return known.origin

    return await with_node(settings, work)


async def show(settings: Settings, host: str) -> list[str]:
    """All that there is about one partner."""

    async def work(node: Node) -> list[str]:
        known = await needed(node, origin_typed(node, host))
        number = await safety_number_with(node, known.origin, known.fingerprint)
        more = [*await terms_lines(node, known), *await refusal_lines(node, known.origin)]
        more += await held_lines(node, known.origin)
        return [*_lines(node, known), *more, *number_lines(node.language, number)]

    return await with_node(settings, work)


async def confirm(settings: Settings, host: str, grants: Sequence[str]) -> Partnership:
    """Confirm what a site offered, or answer with a narrower text."""

    async def work(node: Node) -> Partnership:
        origin = origin_typed(node, host)
        known = await needed(node, origin)
        ours = None
        if grants and known.offer is not None:
            ours = scope_of(grants, known.offer.agreement.grant_of(node.origin))
        return await pairing.confirm(node, origin, BY, ours=ours)

    return await with_node(settings, work)


async def partners(settings: Settings) -> list[str]:
    """One line for each partner."""

    async def work(node: Node) -> list[str]:
        return [
            "\t".join(
                [known.origin, say(node.language, f"state.{known.state}"), known.name,
                 known.agreement.ends[:10]]
            )
            for known in await listing(node.db)
        ] or [say(node.language, "partner.none")]  # fmt: skip

    return await with_node(settings, work)


async def probe(settings: Settings, host: str) -> tuple[list[str], bool]:
    """One line for each check, and whether all are green."""

    async def work(node: Node) -> tuple[list[str], bool]:
        checks = await probe_partner(node, origin_typed(node, host), BY)
        lines = [_check_line(node.language, check) for check in checks]
        return lines, all(check.is_green for check in checks)

    return await with_node(settings, work)


async def narrow(settings: Settings, host: str, grants: Sequence[str]) -> str:
    """Grant less from now on; return the origin."""

    async def work(node: Node) -> str:
        origin = origin_typed(node, host)
        known = await needed(node, origin)
        return (
            await partnership_acts.narrow(node, origin, scope_of(grants, known.ours), BY)
        ).origin

    return await with_node(settings, work)


async def renew(
    settings: Settings, host: str, grants: Sequence[str], asks: Sequence[str], days: int
) -> str:
    """Offer a longer or wider revision; return the origin."""

    async def work(node: Node) -> str:
        origin = origin_typed(node, host)
        known = await needed(node, origin)
        ours, theirs = scope_of(grants, known.ours), scope_of(asks, known.theirs)
        await pairing.renew(node, origin, BY, days=days, ours=ours, theirs=theirs)
        return origin

    return await with_node(settings, work)


async def pause(settings: Settings, host: str) -> str:
    """Pause; return the origin."""

    async def work(node: Node) -> str:
        origin = origin_typed(node, host)
        await partnership_acts.pause(node, origin, BY)
        return origin

    return await with_node(settings, work)


def _lines(node: Node, known: Partnership) -> list[str]:
    language = node.language
    lines = [
        *site_lines(language, known.name, known.origin, known.contact),
        say(language, "partner.state", state=say(language, f"state.{known.state}")),
    ]
    if (known.offer.kind if known.offer else known.kind) == "site":
        lines.append(say(language, "partner.site_kind"))
    agreement = known.offer.agreement if known.offer else known.agreement
    lines += [
        say(language, "partner.ours", scope=scope_text(agreement.grant_of(node.origin))),
        say(language, "partner.theirs", scope=scope_text(agreement.grant_of(known.origin))),
        say(language, "partner.until", ends=agreement.ends[:10]),
        say(language, f"partner.new_sites_{agreement.new_sites}"),
        say(
            language,
            "partner.text",
            revision=agreement.revision,
            digest=agreement.digest,
        ),
    ]
    checks = [Check(**dict(one)) for one in known.probe]
    return lines + [_check_line(language, check) for check in checks]


def scope_text(scope: Scope) -> str:
    """A scope as a person types it."""
    said: Mapping[str, Any] = scope.document()
    return ", ".join(f"{name}={str(value).lower()}" for name, value in said.items())


def site_lines(language: Language, name: str, origin: str, contact: str) -> list[str]:
    """Who a site is, as it says itself."""
    lines = [say(language, "partner.site", name=name, origin=origin)]
    return lines + ([say(language, "partner.contact", contact=contact)] if contact else [])


def number_lines(language: Language, number: str) -> list[str]:
    """The safety number, and what to do with it."""
    return [say(language, "partner.safety"), f"  {number}"]


def _check_line(language: Language, check: Check) -> str:
    what = say(language, f"probe.{check.name}")
    if check.is_green:
        return say(language, "probe.green", what=what)
    advice = say(language, f"advice.{check.name}")
    return say(language, "probe.red", what=what, came=check.came, advice=advice)
