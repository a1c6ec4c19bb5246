"""A site that has been lived in for three months: people, partners, what waits and what was said.

Nothing on its pages is empty. The other sites are rows: nobody answers there.
"""

import json
from typing import Any

from actors import invitations, lists
from actors.profiles import ProfileChanges, update_profile
from federation.agreements import Agreement, Party
from federation.database import Transaction
from federation.scopes import Scope
from inbox import announcements, filters
from inbox.audit import record
from inbox.figures import WEEK_MS, week_of
from inbox.filters import FilterChange, KeywordChange
from inbox.moderation import Complaint, file_report
from inbox.process import process_due
from outbox import interactions, pins, relations, scheduled, tags, unfinished
from outbox.drafts import Draft
from outbox.edits import Revision, edit
from tests.agreements import agree
from tests.browser.small_world import World, small_world
from tests.serving import Running
from tests.web.conftest import new_person

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
PRINT = "SHA256:" + "q7Zk" * 10 + "q7Z"
SITES: tuple[tuple[str, str, str, str], ...] = (
    ("https://aubepines.example", "Les Aubépines", "site", "active"),
    ("https://tilleuls.example", "Le Clos des Tilleuls", "site", "active"),
    ("https://passerelle.example", "IME La Passerelle", "site", "active"),
    ("https://lorvigny.example", "Mairie de Lorvigny", "partner", "active"),
    ("https://haut-arvon.example", "Centre hospitalier du Haut-Arvon", "partner", "late"),
    ("https://domicile.example", "Domicile et Cie", "partner", "paused"),
)
LATE = "https://haut-arvon.example"
OTHERS: tuple[tuple[str, str, str], ...] = (
    ("nadege", "Nadège Pommier", "https://lorvigny.example"),
    ("samir", "Samir Haddad", "https://aubepines.example"),
    ("ines", "Inès Benali", LATE),
    ("lea", "Léa Fontaine", "https://aubepines.example"),
    ("karim", "Karim Saïdi", "https://passerelle.example"),
    ("rose", "Rose Thibault", "https://lorvigny.example"),
)
TEAM = (
    "Claire Vasseur", "Hugo Lambert", "Aïcha Diallo", "Paul Durand", "Solène Riou", "Marc Weber",
)  # fmt: skip
JOBS = {
    "ada": ("Animatrice", "Ateliers jardin et mémoire, sorties au marché du jeudi."),
    "yannick": ("Agent technique", "Bois, terrasse, fauteuils qui grincent."),
    "driss": ("Cuisinier de nuit", "Textures modifiées, collations de nuit."),
    "elodie": ("Infirmière", "Référente fin de vie et temps de parole."),
}
SAID = (
    "La balance de pesée est revenue de réparation, elle est au premier étage.",
    "Le kiné passe mardi au lieu de mercredi cette semaine.",
    "Il reste quatre places dans le minibus pour la sortie au lac.",
    "Les nouveaux draps de glisse sont rangés à la lingerie.",
    "Merci à l’équipe de nuit pour le relais d’hier soir.",
    "Qui a la clé du local à vélos ? Réponse avant midi si possible.",
)
ANSWERED = (
    "C’est noté, je passe la prendre.",
    "Nous avons la même question ici.",
    "Oui, et la fiche est dans le classeur bleu.",
)


async def lived_in(running: Running, role: str = "administrator") -> World:
    """Ada has this role; whatever a page can show is there."""
    world = await small_world(running)
    for n, name in enumerate(TEAM):
        world.people[f"p{n}"] = await new_person(running, f"agent{n}", display_name=name)
    for name, (job, summary) in JOBS.items():
        fields = [{"name": "Fonction", "value": job}, {"name": "Horaires", "value": "7 h – 15 h"}]
        changes: ProfileChanges = {"summary": summary, "fields": fields, "discoverable": True}
        await update_profile(running.node, world.people[name], changes)
    await running.node.db.write(lambda tx: _partners(running, tx))
    await _elsewhere(world)
    await _own(world)
    await running.node.db.write(lambda tx: _weeks(world, tx))
    await running.node.db.write(lambda tx: _staff(world, tx, role))
    await _ago(world)
    return world


async def _partners(running: Running, tx: Transaction) -> None:
    ours, now = running.node.origin, running.node.clock()
    for number, (origin, name, kind, state) in enumerate(SITES):
        if origin == ours:
            continue
        shown = "active" if state == "late" else state
        await agree(tx, origin, kind=kind, state=shown, name=name)
        first, second = sorted([ours, origin])
        text = Agreement(
            uri=f"{origin}/agreements/1",
            revision=1,
            parties=(Party(first, PRINT), Party(second, PRINT)),
            grants=((first, Scope()), (second, Scope())),
            starts="2026-01-05T00:00:00Z",
            ends="2096-01-05T00:00:00Z",
        )
        await tx.execute(
            "UPDATE partnership SET agreement = ?, fingerprint = ? WHERE origin = ?",
            text.to_bytes(), PRINT, origin,
        )  # fmt: skip
        await tx.execute(
            "INSERT INTO peer (origin, policy, last_heard_at, failing_since, next_attempt_at, note,"
            " created_at) VALUES (?, 'allowed', ?, CAST(? AS BIGINT), CAST(? AS BIGINT), ?, ?)",
            origin,
            now - number * 7 * HOUR_MS,
            now - DAY_MS if state == "late" else None,
            now + HOUR_MS if state == "late" else None,
            "answer.503" if state == "late" else None,
            now - 80 * DAY_MS,
        )


async def _elsewhere(world: World) -> None:
    """People of other sites write too: what they wrote has come here."""
    node = world.running.node
    texts = {
        "nadege": "La salle des fêtes est libre le 12 décembre pour le goûter des aînés.",
        "samir": "Notre fiche « boire la nuit » est à jour : deux pages, relues avec l’équipe.",
        "ines": "Les sorties du week-end sont annoncées avant le vendredi 14 h.",
        "lea": "Le prêt du verticalisateur est possible jusqu’à lundi.",
        "karim": "Nous cherchons un lecteur audio à grosses touches.",
        "rose": "Les plateaux de décembre sont commandés, menu en pièce jointe vendredi.",
    }
    for name, shown, _ in OTHERS:
        world.people[name] = await new_person(world.running, name, display_name=shown)
        await world.write(name, texts[name], name, visibility="public")
        await relations.follow(node, world.people["ada"], world.people[name])
    await process_due(node)

    async def move(tx: Transaction) -> None:
        for name, _, origin in OTHERS:
            actor, host = world.people[name]["id"], origin.partition("://")[2]
            await tx.execute("DELETE FROM account WHERE actor_id = ?", actor)
            await tx.execute(
                "UPDATE actor SET is_local = FALSE, origin = ?, handle_host = ?, uri = ?, url = ?,"
                " inbox_url = ?, shared_inbox_url = ? WHERE id = ?",
                origin, host, f"{origin}/users/{name}", f"{origin}/@{name}",
                f"{origin}/users/{name}/inbox", f"{origin}/inbox", actor,
            )  # fmt: skip
            await tx.execute(
                "UPDATE status SET is_local = FALSE, uri = ?, url = ? WHERE actor_id = ?",
                f"{origin}/notes/{name}", f"{origin}/@{name}/1", actor,
            )  # fmt: skip

    await node.db.write(move)


async def _own(world: World) -> None:
    """What Ada keeps for herself, and what came to her alone."""
    node, people = world.running.node, world.people
    ada, account = people["ada"], await account_id(world, "ada")
    world.people["list"] = await node.db.write(
        lambda tx: lists.create(node, tx, ada["id"], {"title": "Équipe de nuit"})
    )
    await node.db.write(lambda tx: lists.add(node, tx, people["list"], [people["driss"]["id"]]))
    change = FilterChange(
        "Le sport", ["home", "public"], "warn",
        keywords=[KeywordChange("match"), KeywordChange("ligue 1")],
    )  # fmt: skip
    await node.db.write(lambda tx: filters.create(node, tx, ada["id"], change))
    asked = world.statuses["asked"]
    text = "Que proposez-vous comme collation de nuit, en texture lisse et tiède ?"
    await edit(node, ada, asked, Revision(text))
    await pins.pin(node, ada, asked)
    for name in ("answer", "picture", "nadege"):
        await interactions.favourite(node, ada, world.statuses[name])
        await interactions.bookmark(node, ada, world.statuses[name])
    await world.write("driss", "@ada Je vous appelle demain matin.", "private", visibility="direct")
    await relations.block(node, ada, people["p5"])
    await node.db.write(lambda tx: _follow_tag(world, tx, "jardin"))
    for name in ("driss", "p0", "p1"):
        await relations.follow(node, people[name], ada)
    await update_profile(node, ada, {"locked": True})
    await relations.follow(node, people["p2"], ada)
    await process_due(node)
    letter = {"text": "Le goûter des aînés aura lieu mercredi, dans la", "audience": "local"}
    await node.db.write(
        lambda tx: unfinished.save(
            node, tx, account, json.dumps(letter), unfinished.Saved(unfinished.new_key(), 0)
        )
    )
    later = Draft("Bonne année à toute l’équipe.", visibility="local")
    await scheduled.schedule(node, ada, account, later, node.clock() + 3 * DAY_MS)


async def _follow_tag(world: World, tx: Transaction, name: str) -> None:
    node = world.running.node
    tag = await tags.ensure(node, tx, name)
    await tags.follow(node, tx, world.people["ada"]["id"], tag["id"])


async def _weeks(world: World, tx: Transaction) -> None:
    """Eleven weeks in which the team wrote and answered, and other sites too."""
    node, people = world.running.node, world.people
    local = [people[name]["id"] for name in ("yannick", "driss", "elodie", "p0", "p1", "p2", "p3")]
    others = [people[name]["id"] for name, _, _ in OTHERS]
    audience = await tx.value("SELECT MIN(id) FROM audience WHERE kind = 'site'")
    monday = week_of(node.clock())

    async def say(by: int, text: str, at: int, to: tuple[int, str, int] | None = None) -> Any:
        number = (at << 16) | (node.ids.next() & 0xFFFF)
        parent_id, parent_uri, parent_by = to or (None, None, None)
        uri = f"{node.origin}/notes/{number}"
        await tx.execute(
            "INSERT INTO status (id, uri, actor_id, audience_id, audience_kind, is_local, type,"
            " content_html, text, language, in_reply_to_id, in_reply_to_uri, in_reply_to_actor_id,"
            " thread_root_id, published_at) VALUES (?, ?, ?, ?, 'site', ?, 'Note', ?, ?, 'fr',"
            " CAST(? AS BIGINT), ?, CAST(? AS BIGINT), ?, ?)",
            number, uri, by, audience, by in local, f"<p>{text}</p>", text, parent_id, parent_uri,
            parent_by, parent_id or number, at,
        )  # fmt: skip
        return number, uri, by

    for week in range(1, 12):
        at = monday - week * WEEK_MS + 9 * HOUR_MS
        for place, by in enumerate(local[: 5 + week % 3]):
            begun = at + place * 20 * HOUR_MS
            post = await say(by, SAID[(place + week) % len(SAID)], begun)
            answerers = [local[(place + 1) % len(local)]]
            # A site that answers every week is itself more than a few people.
            answerers += others[place % 2 :: 2] if week % 4 else others[:1]
            for n, other in enumerate(answerers):
                text = ANSWERED[(n + week) % len(ANSWERED)]
                await say(other, text, begun + (n + 1) * 25 * 60_000, post)


async def _staff(world: World, tx: Transaction, role: str) -> None:
    """What waits for those who run the site."""
    node, people = world.running.node, world.people
    set_role = "UPDATE account SET role = ? WHERE actor_id = ?"
    await tx.execute(set_role, role, people["ada"]["id"])
    await tx.execute(set_role, "moderator", people["p0"]["id"])
    await tx.execute(set_role, "protection", people["elodie"]["id"])
    await tx.execute(
        "UPDATE account SET is_approved = FALSE WHERE actor_id = ?", people["p4"]["id"]
    )
    complaint = Complaint(
        reporter_id=people["driss"]["id"],
        target_id=people["elodie"]["id"],
        status_ids=[world.statuses["warning"]["id"]],
        comment="Le ton me blesse, et ce n’est pas la première fois.",
        category="violation",
        rule_ids=[1],
    )
    await file_report(node, tx, complaint)
    ada = people["ada"]["uri"]
    for action, target in (("invitation.add", "member"), ("account.role", people["p0"]["uri"])):
        await record(node, tx, ada, action, target)
    await invitations.invite(
        node, tx, role="member", uses=1, days=7, for_name="Jeanne Morel",
        made_by_id=people["ada"]["id"],
    )  # fmt: skip
    for text, why in (
        ("Salle fraîche ouverte au premier étage toute la nuit.", "Canicule : 39 degrés demain."),
        ("La cantine ferme à 13 h ce vendredi.", None),
    ):
        draft = announcements.Draft(text, essential_reason=why)
        made = await announcements.announce(node, tx, draft)
        if why is not None:
            await announcements.dismiss(tx, made, await account_id(world, "ada"))
        act = "announcement.add" if why is None else announcements.ESSENTIAL_ACT
        await record(node, tx, ada, act, text[:50], why or "")
    now, number = node.clock(), node.ids.next()
    await tx.execute(
        "INSERT INTO activity (id, uri, type, actor_uri, origin, progress, outcome_code,"
        " created_at) VALUES (?, ?, 'Create', ?, 'local', 'done', 'create.stored', ?)",
        number, f"{node.origin}/activities/{number}", people["ada"]["uri"], now,
    )  # fmt: skip
    for progress, error in (
        ("pending", "answer.503"), ("pending", "answer.503"), ("refused", "delivery.not_for_them")
    ):  # fmt: skip
        values: list[Any] = [node.ids.next(), number, f"{LATE}/inbox/{node.ids.next()}", LATE]
        await tx.execute(
            "INSERT INTO delivery (id, activity_id, inbox_url, origin, sender_uri, activity_type,"
            " audience_kind, progress, next_attempt_at, last_error, created_at, done_at)"
            " VALUES (?, ?, ?, ?, ?, 'Create', 'site', ?, ?, ?, ?, CAST(? AS BIGINT))",
            *values, people["ada"]["uri"], progress, now + HOUR_MS, error, now - 12 * HOUR_MS,
            None if progress == "pending" else now - 12 * HOUR_MS,
        )  # fmt: skip


async def _ago(world: World) -> None:
    """Spread what was said over the last hours, oldest first."""
    node = world.running.node
    rows = await node.db.rows(
        "SELECT id FROM status WHERE published_at > ? ORDER BY id DESC", node.clock() - 2 * HOUR_MS
    )

    async def work(tx: Transaction) -> None:
        for place, row in enumerate(rows):
            at = node.clock() - (7 + place * place * 19) * 60_000
            await tx.execute("UPDATE status SET published_at = ? WHERE id = ?", at, row["id"])

    await node.db.write(work)


async def account_id(world: World, name: str) -> int:
    """The account of somebody of the site."""
    found = await world.running.node.db.value(
        "SELECT id FROM account WHERE actor_id = ?", world.people[name]["id"]
    )
    assert found is not None
    return found
