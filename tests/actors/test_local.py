"""Actors of this node: made once, with keys, under names that are never given again."""

from typing import Any

import pytest

from actors import queries
from actors.deletion import mark_deleted
from actors.documents import actor_document
from actors.local import (
    create_account,
    create_actor,
    create_instance_actor,
    local_actor_reachable,
    update_profile,
)
from actors.passwords import check_password
from federation.errors import Invalid
from federation.html import plain_text
from federation.node import Node

PASSWORD = "cheval-exact-pile"


async def test_the_instance_actor_is_made_once_with_both_keys(node: Node) -> None:
    first = await create_instance_actor(node)
    again = await create_instance_actor(node)
    assert first["id"] == again["id"]
    assert (first["uri"], first["type"], first["username"]) == (
        f"{node.origin}/actor",
        "Application",
        node.host,
    )
    keys = await node.db.rows("SELECT * FROM key WHERE owner_uri = ?", first["uri"])
    kinds = {row["key_id"].partition("#")[2]: row for row in keys}
    assert {name: row["algorithm"] for name, row in kinds.items()} == {
        "main-key": "rsa",
        "ed25519-key": "ed25519",
    }
    assert bool(kinds["ed25519-key"]["vouches_for_origin"])
    assert not bool(kinds["main-key"]["vouches_for_origin"])


async def test_an_account_can_be_used_at_once(node: Node) -> None:
    actor = await create_account(
        node, username="c.martin", password=PASSWORD, email="Claire@Example.org", role="animator"
    )
    assert bool(actor["is_local"])
    assert not bool(actor["locked"])
    assert actor["uri"] == f"{node.origin}/users/{actor['id']}"
    assert actor["url"] == f"{node.origin}/@c.martin"
    account = await queries.account_of_actor(node.db, actor["id"])
    assert account is not None
    assert (account["role"], account["email"], account["locale"]) == (
        "animator",
        "claire@example.org",
        node.language,
    )
    assert await check_password(account["password_hash"], PASSWORD)
    for login in ("C.Martin", "@c.martin", "CLAIRE@example.ORG"):
        found = await queries.account_by_login(node.db, login)
        assert found is not None
        assert found["id"] == account["id"]
    assert (await node.keyring.private_key(actor["uri"])).key_id == f"{actor['uri']}#main-key"


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"username": "C.Martin"}, "username", "username.taken"),
        ({"username": "actor"}, "username", "username.reserved"),
        ({"username": "Admin"}, "username", "username.reserved"),
        ({"username": "a b"}, "username", "username.invalid"),
        ({"username": ".a"}, "username", "username.invalid"),
        ({"username": "a\x00"}, "username", "username.invalid"),
        ({"username": "a\n"}, "username", "username.invalid"),
        ({"username": "é"}, "username", "username.invalid"),
        ({"username": "<script>"}, "username", "username.invalid"),
        ({"username": "x' OR '1'='1"}, "username", "username.invalid"),
        ({"username": "a" * 65}, "username", "username.invalid"),
        ({"username": ""}, "username", "username.invalid"),
        ({"username": "127.0.0.1"}, "username", "username.reserved"),
        ({"password": "court"}, "password", "password.too_short"),
        ({"email": "claire"}, "email", "email.invalid"),
        ({"email": "a b@c.test"}, "email", "email.invalid"),
        ({"email": "CLAIRE@example.org"}, "email", "email.taken"),
        ({"role": "root"}, "role", "role.unknown"),
    ],
)
async def test_what_cannot_be_is_named_and_leaves_nothing(
    node: Node, changes: dict[str, str], field: str, code: str
) -> None:
    await create_account(node, username="c.martin", password=PASSWORD, email="claire@example.org")
    counted = "SELECT (SELECT COUNT(*) FROM actor) + (SELECT COUNT(*) FROM key)"
    before = await node.db.value(counted)
    given: dict[str, Any] = {"username": "other", "password": PASSWORD} | changes
    with pytest.raises(Invalid) as refused:
        await create_account(node, **given)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert await node.db.value(counted) == before
    # The twin: the same call with nothing wrong in it.
    assert await create_account(node, username="other", password=PASSWORD, email="o@c.test")


@pytest.mark.parametrize("username", ["a", "A_1", "jean-paul.d", "x" * 64, "a--b..c"])
async def test_names_that_other_software_takes_are_given(node: Node, username: str) -> None:
    actor = await create_account(node, username=username, password=PASSWORD)
    found = await queries.local_by_username(node, node.db, username.upper())
    assert found is not None
    assert (found["id"], found["username"]) == (actor["id"], username)


async def test_the_name_of_a_deleted_person_is_never_given_again(node: Node) -> None:
    # SEC-142: who gets the name would get the messages meant for the one before.
    actor = await create_account(node, username="claire", password=PASSWORD)
    await node.db.write(lambda tx: mark_deleted(node, tx, actor))
    for name in ("claire", "CLAIRE"):
        with pytest.raises(Invalid) as refused:
            await create_account(node, username=name, password=PASSWORD)
        assert refused.value.code == "username.taken"
        with pytest.raises(Invalid):
            await create_actor(node, username=name, type="Group")
    assert await queries.local_by_username(node, node.db, "claire") is None
    assert await queries.account_by_login(node.db, "claire") is None


async def test_groups_organisations_and_services_have_documents_with_keys(node: Node) -> None:
    for kind in ("Group", "Organization", "Service"):
        row = await create_actor(node, username=kind.lower(), type=kind, display_name=f"Le {kind}")
        document = await actor_document(node, row)
        assert (document["type"], document["name"]) == (kind, f"Le {kind}")
        assert document["publicKey"]["owner"] == row["uri"]
    with pytest.raises(Invalid) as refused:
        await create_actor(node, username="someone", type="Person")
    assert refused.value.field == "type"


async def test_only_an_open_node_has_actors_that_strangers_may_find(
    node: Node, open_federation_node: Node
) -> None:
    hidden = await create_account(node, username="hidden", password=PASSWORD)
    shown = await create_account(open_federation_node, username="shown", password=PASSWORD)
    assert not local_actor_reachable(node, hidden)
    assert not local_actor_reachable(node, shown)
    assert local_actor_reachable(open_federation_node, shown)
    assert not local_actor_reachable(open_federation_node, hidden)


async def test_a_profile_is_changed_where_it_is_named_and_cleaned(node: Node) -> None:
    actor = await create_account(node, username="claire", password=PASSWORD)
    changed = await update_profile(
        node,
        actor,
        {
            "display_name": "Claire <b>Martin</b>\x00",
            "summary": "Ergothérapeute\n<script>alert(1)</script>",
            "fields": [
                {"name": "Site", "value": "https://a.test/"},
                {"name": "", "value": ""},
                {"name": "<i>n</i>", "value": '"><script>'},
            ],
            "locked": True,
            "bot": True,
        },
    )
    assert changed["display_name"] == "Claire Martin"
    assert "<script" not in changed["summary_html"] + changed["fields"]
    assert plain_text(changed["summary_html"]).startswith("Ergothérapeute\n<script>")
    assert '<a href=\\"https://a.test/\\"' in changed["fields"]
    assert changed["fields"].count('"name"') == 2
    assert bool(changed["locked"])
    assert changed["type"] == "Service"
    assert changed["updated_at"] > actor["updated_at"]
    # Nothing new: nothing changes, and what shows the actor may keep it.
    same = await update_profile(node, changed, {"locked": True})
    assert dict(same) == dict(changed)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"display_name": "x" * 101}, "display_name"),
        ({"summary": "x" * 2001}, "note"),
        ({"fields": [{"name": "x", "value": "y"}] * 9}, "fields_attributes"),
        ({"fields": [{"name": "x" * 256, "value": "y"}]}, "fields_attributes"),
    ],
)
async def test_a_profile_is_bounded(node: Node, changes: dict[str, object], field: str) -> None:
    actor = await create_account(node, username="claire", password=PASSWORD)
    with pytest.raises(Invalid) as refused:
        await update_profile(node, actor, changes)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert dict(await queries.get_by_id(node.db, actor["id"])) == dict(actor)
