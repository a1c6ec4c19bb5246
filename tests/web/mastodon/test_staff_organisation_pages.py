"""Stops, notices and organisations on the pages of staff: done in words, and by nobody else."""

import re
from typing import Any

import pytest

from federation import stops
from federation.organisations import own_organisation
from inbox import terms
from inbox.key_changes import announce_once, rotate
from inbox.partner_notices import notices
from tests.nodes.organisations import joined
from tests.nodes.partners import BY, becomes, invited, paired, state_of
from tests.serving import Running, Start, eventually
from tests.web.mastodon.asgi import Client, Reply
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.members import browser_of, token_of
from tests.web.mastodon.test_staff_partner_pages import LINE, chief_of, host_of, ticks

PARTNERS, PATH = "/staff/partners", "/staff/organisation"
WEIGHTY = (
    f"{PARTNERS}/stop",
    f"{PARTNERS}/resume",
    f"{PARTNERS}/autre.example/stop",
    f"{PARTNERS}/autre.example/not_us",
    f"{PARTNERS}/notices/1/seen",
    f"{PATH}/create",
    f"{PATH}/invite",
    f"{PATH}/join",
    f"{PATH}/leave",
    f"{PATH}/sites/autre.example/remove",
    f"{PATH}/proposed/autre.example",
)


async def send(browser: Client, path: str, **fields: Any) -> Reply:
    form = {"form_token": token_of(await browser.get(PARTNERS)), **fields}
    return await browser.post(path, form=form)


async def test_only_who_manages_partners_does_any_of_it(site: Site) -> None:
    for role in ("member", "moderator", "technical"):
        await site.person(f"une_{role}", role=role)
        browser = await browser_of(site, f"une_{role}")
        token = token_of(await browser.get("/"))
        assert (await browser.get(PATH)).status == 403, role
        for path in WEIGHTY:
            form = {"form_token": token, "typed": site.node.host, "name": "À moi"}
            assert (await browser.post(path, form=form)).status == 403, (role, path)
    await site.person("chef", role="administrator")
    chief = await browser_of(site, "chef")
    form = {"form_token": "x" * 64, "typed": site.node.host, "name": "À moi"}
    for path in WEIGHTY:
        assert (await chief.post(path, form=form)).status == 403, path
    assert await site.node.db.value("SELECT count(*) FROM stopped") == 0
    assert await own_organisation(site.node.db) is None
    assert "Fonder une organisation" in (await chief.get(PATH)).text
    english = await browser_of(site, "chef", "en")
    assert "Found an organisation" in (await english.get(PATH)).text
    assert (await chief.get(f"{PATH}/invite")).status == 404
    assert (await chief.get(f"{PATH}/leave")).status == 404
    assert (await chief.get(f"{PATH}/proposed/127.0.0.1:9")).status == 404


async def test_everything_stops_after_a_word_was_typed_and_goes_on(start_node: Start) -> None:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other)
    here, host = await chief_of(one), host_of(other)
    asked = await here.get(f"{PARTNERS}/stop")
    assert "Rien ne part de ce site et rien n’y entre" in asked.text
    wrong = await send(here, f"{PARTNERS}/stop", typed="autre chose")
    assert wrong.status == 422
    assert 'value="autre chose"' in wrong.text
    assert 'id="typed-err"' in wrong.text
    assert not await stops.is_stopped(one.node.db, other.origin)
    done = await send(here, f"{PARTNERS}/stop", typed=f" {one.node.host.upper()} ")
    assert done.headers["location"] == f"{PARTNERS}?done=all_stopped"
    assert await stops.is_stopped(one.node.db, stops.ALL)
    assert "Tout échange est arrêté, avec tous les sites" in (await here.get(PARTNERS)).text
    of_one = (await here.get(f"{PARTNERS}/{host}")).text
    assert "L’arrêt vaut pour tous les partenaires" in of_one
    assert f"{PARTNERS}/{host}/resume" not in of_one
    await send(here, f"{PARTNERS}/resume")
    assert not await stops.is_stopped(one.node.db, other.origin)
    # One alone.
    path = f"{PARTNERS}/{host}"
    assert "Les autres partenaires ne sont pas touchés" in (await here.get(f"{path}/stop")).text
    assert (await send(here, f"{path}/stop", typed="")).status == 422
    await send(here, f"{path}/stop", typed=host)
    assert await stops.is_stopped(one.node.db, other.origin)
    assert not await stops.is_stopped(one.node.db, stops.ALL)
    assert "sur l’ordre d’une personne de ce site" in (await here.get(path)).text
    await send(here, f"{path}/resume")
    assert not await stops.is_stopped(one.node.db, other.origin)
    said = await one.node.db.rows("SELECT action FROM audit WHERE action LIKE 'partner.%'")
    assert [row["action"] for row in said][-4:] == [
        "partner.stop", "partner.resume", "partner.stop", "partner.resume",
    ]  # fmt: skip


async def test_this_was_not_us_is_found_where_the_keys_changed(start_node: Start) -> None:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    await paired(one, other)
    here, path = await chief_of(one), f"{PARTNERS}/{host_of(other)}"
    assert "/not_us" not in (await here.get(path)).text
    await rotate(other.node, BY)
    await announce_once(other.node)
    assert "Une nouvelle à lire" in (await here.get("/staff")).text
    listed = (await here.get(PARTNERS)).text
    assert "a changé de clé" in listed
    assert f"{path}/not_us" in (await here.get(path)).text
    assert "est suspendu aussitôt" in (await here.get(f"{path}/not_us")).text
    assert await state_of(one, other) == "active"
    done = await send(here, f"{path}/not_us")
    assert done.headers["location"] == f"{path}?done=not_us"
    assert await state_of(one, other) == "paused"
    assert "/not_us" not in (await here.get(path)).text
    for one_notice in await notices(one.node.db, unseen=True):
        seen = await send(here, f"{PARTNERS}/notices/{one_notice.id}/seen")
        assert seen.headers["location"] == f"{PARTNERS}?done=seen"
        again = await send(here, f"{PARTNERS}/notices/{one_notice.id}/seen")
        assert again.status == 404
    assert "a changé de clé" not in (await here.get(PARTNERS)).text
    assert "nouvelle" not in (await here.get("/staff")).text


async def test_the_convention_is_shown_before_it_is_confirmed(start_node: Start) -> None:
    one, other = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    text = "Article 1\n\nNous <b>protégeons</b> les personnes."
    await other.node.db.write(lambda tx: terms.set_current(other.node, tx, "Convention 2026", text))
    code = await invited(one, other.origin)
    there, here = await chief_of(other), await chief_of(one)
    looked = await send(there, f"{PARTNERS}/accept", code=code, do="look")
    assert "L’accord citera votre convention" in looked.text
    fields = {"code": code, "do": "offer", **ticks(LINE.findall(looked.text))}
    wrong = await send(there, f"{PARTNERS}/accept", **fields, new_sites="all")
    assert wrong.status == 422
    assert 'id="new_sites-err"' in wrong.text
    await send(there, f"{PARTNERS}/accept", **fields, new_sites="accepted")
    path = f"{PARTNERS}/{host_of(other)}"
    shown = await here.get(path)
    assert "Lire Convention 2026" in shown.text
    assert "<p>Nous &lt;b&gt;protégeons&lt;/b&gt; les personnes.</p>" in shown.text
    assert "Acceptés, et l’autre site est prévenu" in shown.text
    done = await send(here, f"{path}/confirm", **ticks(LINE.findall(shown.text)))
    assert done.status == 303
    assert await state_of(one, other) == "active"


async def test_an_organisation_is_founded_joined_and_left(start_node: Start) -> None:
    lead, roses = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    chief, there = await chief_of(lead), await chief_of(roses)
    empty = await send(chief, f"{PATH}/create", name="  ")
    assert empty.status == 422
    assert 'id="name-err"' in empty.text
    await send(chief, f"{PATH}/create", name="Les <i>Deux</i> Rives")
    assert "Les &lt;i&gt;Deux&lt;/i&gt; Rives" in (await chief.get(PATH)).text
    bad = await send(chief, f"{PATH}/invite", host="pas un hôte")
    assert bad.status == 422
    assert 'value="pas un hôte"' in bad.text
    made = await send(chief, f"{PATH}/invite", host=host_of(roses))
    assert 'class="qr"' in made.text
    code = re.search(r"readonly[^>]*>([A-Z2-7-]{60,})<", made.text)
    assert code is not None
    unread = await send(there, f"{PATH}/join", code="AAAA", do="look")
    assert unread.status == 422
    looked = await send(there, f"{PATH}/join", code=code[1], do="look")
    assert "Est-ce bien Les Tilleuls" in looked.text
    lines = LINE.findall(looked.text)
    assert (await send(there, f"{PATH}/join", code=code[1], do="join")).status == 422
    assert await state_of(roses, lead) is None
    asked = await send(there, f"{PATH}/join", code=code[1], do="join", **ticks(lines))
    assert asked.headers["location"] == f"{PATH}?done=joining"
    path = f"{PARTNERS}/{host_of(roses)}"
    assert "demande à faire partie de votre organisation" in (await chief.get(path)).text
    await send(chief, f"{path}/confirm", **ticks(lines))
    await becomes(roses, lead, "active")

    async def both() -> bool:
        return "Les Roses" in (await chief.get(PATH)).text

    await eventually(both)
    assert "Le site qui mène part le dernier" in (await chief.get(PATH)).text
    assert (await send(chief, f"{PATH}/leave", typed="Les <i>Deux</i> Rives")).status == 403
    remove = f"{PATH}/sites/{host_of(roses)}/remove"
    assert (await send(there, f"{PATH}/sites/{host_of(lead)}/remove", typed="x")).status == 404
    assert (await send(chief, remove, typed="les roses")).status == 422
    assert await state_of(lead, roses) == "active"
    # The other site leaves; the lead dissolves what is left.
    assert (await send(there, f"{PATH}/leave", typed="autre")).status == 422
    await send(there, f"{PATH}/leave", typed="Les <i>Deux</i> Rives")
    await becomes(lead, roses, "ended")

    async def is_alone() -> bool:
        return "Préparer le départ" in (await chief.get(PATH)).text

    await eventually(is_alone)
    await send(chief, f"{PATH}/leave", typed="les <I>deux</I> rives")
    assert await own_organisation(lead.node.db) is None


async def test_a_site_is_taken_out_by_the_lead(start_node: Start) -> None:
    lead, roses = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    chief = await chief_of(lead)
    await send(chief, f"{PATH}/create", name="Les Deux Rives")
    await joined(lead, roses)
    remove = f"{PATH}/sites/{host_of(roses)}/remove"

    async def is_listed() -> bool:
        return remove in (await chief.get(PATH)).text

    await eventually(is_listed)
    assert "Ses liens avec tous vos sites prennent fin" in (await chief.get(remove)).text
    done = await send(chief, remove, typed=host_of(roses))
    assert done.headers["location"] == f"{PATH}?done=removed"
    await becomes(roses, lead, "ended")


@pytest.fixture
async def proposing(start_node: Start) -> tuple[Running, Running, Running]:
    """A site alone, and a partner of it that leads an organisation with another site."""
    port = await start_node(name="Le Port")
    lead, roses = await start_node(name="Les Tilleuls"), await start_node(name="Les Roses")
    chief = await chief_of(lead)
    await send(chief, f"{PATH}/create", name="Les Deux Rives")
    await paired(lead, port)
    await joined(lead, roses)
    here = await chief_of(port)

    async def is_proposed() -> bool:
        return f"{PATH}/proposed/{host_of(roses)}" in (await here.get(PATH)).text

    await eventually(is_proposed)
    return port, lead, roses


async def test_a_site_of_a_partners_organisation_is_refused_or_confirmed(
    proposing: tuple[Running, Running, Running],
) -> None:
    port, lead, roses = proposing
    here, place = await chief_of(port), f"{PATH}/proposed/{host_of(roses)}"
    # Members read of which organisation a partner is, where they read its name.
    for path in ("/map", "/directory"):
        assert "Les Deux Rives" in (await here.get(path)).text, path
    assert "attend votre décision" in (await here.get("/staff")).text
    shown = await here.get(place)
    assert "Les Deux Rives l’a ajouté à sa liste" in shown.text
    lines = LINE.findall(shown.text)
    assert (await send(here, place, do="confirm", **ticks(lines[:5]))).status == 422
    refused = await send(here, place, do="refuse")
    assert refused.headers["location"] == f"{PATH}?done=site_refused"
    assert "Refusé ici" in (await here.get(PATH)).text
    assert "attend votre décision" not in (await here.get("/staff")).text
    assert await state_of(port, roses) is None
    # The lead itself is a partner already, and nobody decides about it here.
    assert (await send(here, f"{PATH}/proposed/{host_of(lead)}", do="refuse")).status == 403
    confirmed = await send(here, place, do="confirm", **ticks(lines))
    assert confirmed.headers["location"] == f"{PARTNERS}/{host_of(roses)}?done=offered"
    await becomes(roses, port, "asked")
    assert (await here.get(place)).headers["location"] == f"{PARTNERS}/{host_of(roses)}"
    assert (await send(here, place, do="refuse")).status == 403
