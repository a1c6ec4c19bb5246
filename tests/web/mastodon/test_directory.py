"""The directory by the API: members find people, each says how far she is found."""

from typing import Any

import pytest

from federation.database import Transaction
from tests.agreements import agree
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.described import check
from web.mastodon.directory import PATH

ROSES = "https://roses.example"


async def roses(site: Site, **changes: Any) -> None:
    """An agreement, and what its site told of its people."""

    async def work(tx: Transaction) -> None:
        await agree(tx, ROSES, name="Les Roses", **changes)
        await tx.execute(
            "INSERT INTO directory_entry (uri, origin, handle, name, fields, words)"
            " VALUES (?, ?, 'zoe@roses.example', 'Zoé Martin', ?, ' zoe martin cuisiniere')",
            f"{ROSES}/users/1",
            ROSES,
            '[{"name": "Fonction", "value": "Cuisinière"}]',
        )

    await site.node.db.write(work)


async def test_members_find_people_here_and_at_partners(site: Site) -> None:
    alice, bruno = await site.person("alice"), await site.person("bruno")
    await roses(site)
    found = (await alice.get(PATH)).json
    check("GET", PATH, found)
    assert [person["name"] for person in found] == ["alice", "bruno", "Zoé Martin"]
    assert found[2]["fields"] == [{"name": "Fonction", "value": "Cuisinière"}]
    assert (found[2]["site"], found[2]["kind"], found[2]["account_id"]) == (
        "Les Roses", "partner", None,
    )  # fmt: skip
    for query, names in (("cuisi", ["Zoé Martin"]), ("zoé mart", ["Zoé Martin"]),
                         ("bru", ["bruno"]), ("%", ["alice", "bruno", "Zoé Martin"]),
                         ("nobody", [])):  # fmt: skip
        found = (await alice.get(PATH, q=query)).json
        assert [person["name"] for person in found] == names, query
    assert [p["name"] for p in (await alice.get(PATH, scope="partners")).json] == ["Zoé Martin"]
    assert (await alice.get(PATH, scope="organisation")).json == []
    chosen = await bruno.ask("PUT", f"{PATH}/me", json={"reach": "nobody"})
    check("PUT", f"{PATH}/me", chosen.json)
    assert chosen.json == {"reach": "nobody", "shared": [], "is_discoverable": True}
    assert [p["name"] for p in (await alice.get(PATH, scope="site")).json] == ["alice"]


@pytest.mark.parametrize("state", ["ended", "expired", "key_changed"])
async def test_people_of_no_partner_are_not_there(site: Site, state: str) -> None:
    alice = await site.person("alice")
    await roses(site, state=state)
    assert (await alice.get(PATH, q="zoe")).json == []
    await roses_again(site)
    assert len((await alice.get(PATH, q="zoe")).json) == 1


async def roses_again(site: Site) -> None:
    await site.node.db.write(lambda tx: agree(tx, ROSES, name="Les Roses"))


async def test_who_may_not_is_refused_and_wrong_words_are_named(site: Site) -> None:
    alice, gus = await site.person("alice"), await site.person("gus")
    await site.node.db.write(
        lambda tx: tx.execute(
            "UPDATE account SET is_guest = TRUE WHERE actor_id = ?", site.people["gus"]["id"]
        )
    )
    assert (await gus.get(PATH)).status == 403
    assert (await site.client().get(PATH)).status == 401
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"reach": "everybody"}, "reach"),
        ({"shared": ["Téléphone"]}, "shared"),
        ({"reach": {"a": 1}}, "reach"),
    ]
    for sent, field in wrong:
        refused = await alice.ask("PUT", f"{PATH}/me", json=sent)
        assert refused.status == 422, sent
        assert any(field in name for name in refused.json["details"])
    assert (await alice.get(PATH, scope="everywhere")).status == 422
    assert (await alice.get(PATH, q="x" * 201)).status == 422
    assert (await alice.get(f"{PATH}/me")).json["reach"] == "site"
    assert await site.node.db.value("SELECT count(*) FROM directory_choice") == 0


async def test_who_wants_to_be_found_is_found_by_her_fields_and_nobody_else(site: Site) -> None:
    ada = await site.person("ada")
    fields = [{"name": "Fonction", "value": "Infirmière de nuit"}]
    told = {f"fields_attributes[0][{name}]": value for name, value in fields[0].items()}
    for name in ("bruno", "chloe", "denis", "zed"):
        person = await site.person(name)
        reply = await person.ask("PATCH", "/api/v1/accounts/update_credentials", form=told)
        assert reply.status == 200, reply.text
        if name == "chloe":
            await person.ask("PUT", f"{PATH}/me", json={"reach": "nobody"})
        if name == "denis":
            hide = {"discoverable": "false"}
            await person.ask("PATCH", "/api/v1/accounts/update_credentials", form=hide)
        if name == "zed":
            await person.post(f"/api/v1/accounts/{site.id_of('ada')}/block", {})
    for query in ("infirm", "infirmiere nuit", "bruno nuit", "INFIRMIÈRE"):
        for scope in ("all", "site"):
            found = (await ada.get(PATH, q=query, scope=scope)).json
            assert [person["name"] for person in found] == ["bruno"], (query, scope)
    assert (await ada.get(PATH, q="infirm", scope="partners")).json == []
    assert (await ada.get(PATH, q="chloe nuit")).json == []
    assert (await ada.get(PATH, q="fonction")).json == [], "what a field is called is no word"
