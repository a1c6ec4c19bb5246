"""One's own profile: everything that can be set is set, bounded, and read back the same."""

from typing import Any

import pytest

from outbox.moves import change_alias, move
from tests.web.mastodon.conftest import Site
from tests.web.mastodon.contract.seen import check

PROFILE = "/api/v1/profile"
CREDENTIALS = "/api/v1/accounts/update_credentials"


async def test_a_profile_is_read_as_written_and_as_shown(site: Site) -> None:
    ada = await site.person("ada")
    sent = {
        "display_name": "Ada", "note": "Nuit <b>", "locked": True, "hide_collections": True,
        "discoverable": False, "indexable": False, "show_media": False,
        "show_media_replies": False, "show_featured": False, "bot": True,
        "attribution_domains": ["https://Exemple.fr/", "exemple.fr"],
        "avatar_description": "Un portrait", "header_description": "Le jardin",
        "fields_attributes": [{"name": "Site", "value": "https://exemple.fr"}],
    }  # fmt: skip
    await ada.post("/api/v1/tags/nuit/feature")
    for method in ("PATCH", "PUT"):
        changed = (await ada.ask(method, PROFILE, json=sent)).json
        check("Profile", changed)
    assert changed == (await ada.get(PROFILE)).json
    same = {name for name in sent if name not in ("fields_attributes", "attribution_domains")}
    assert {name: changed[name] for name in same} == {name: sent[name] for name in same}
    assert changed["attribution_domains"] == ["exemple.fr"]
    assert (changed["avatar"], changed["header"]) == (None, None)
    assert "&lt;b&gt;" in changed["formatted_note"]
    check("Field", changed["fields"][0])
    assert changed["fields"][0]["value"] == "https://exemple.fr"
    assert "<a href" in changed["formatted_fields"][0]["value"]
    assert [tag["name"] for tag in changed["featured_tags"]] == ["nuit"]
    account = (await ada.get("/api/v1/accounts/verify_credentials")).json
    check("CredentialAccount", account)
    for name in ("hide_collections", "show_media", "show_media_replies", "show_featured"):
        assert account[name] == sent[name]
    assert account["source"]["hide_collections"] is True
    assert account["source"]["attribution_domains"] == ["exemple.fr"]


@pytest.mark.parametrize("path", [PROFILE, CREDENTIALS])
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"display_name": "x" * 101}, "display_name"),
        ({"hide_collections": "x"}, "hide_collections"), ({"show_media": []}, "show_media"),
        ({"attribution_domains": ["a b"]}, "attribution_domains"),
        ({"attribution_domains": ["a.fr"] * 3 + [f"a{n}.fr" for n in range(101)]},
         "attribution_domains"),
        ({"avatar_description": "x" * 1_501}, "avatar_description"),
        ({"fields_attributes": [{"name": "x" * 256, "value": "x"}]}, "fields_attributes"),
        ({"fields_attributes": [{"name": str(n), "value": "x"} for n in range(9)]},
         "fields_attributes"),
    ],
)  # fmt: skip
async def test_what_cannot_stand_in_a_profile_is_refused(
    site: Site, path: str, wrong: dict[str, Any], field: str
) -> None:
    ada = await site.person("ada")
    before = (await ada.get(PROFILE)).json
    reply = await ada.ask("PATCH", path, json=wrong)
    assert (reply.status, list(reply.json["details"])) == (422, [field])
    assert (await ada.get(PROFILE)).json == before


async def test_defaults_for_posts_are_kept(site: Site) -> None:
    ada = await site.person("ada")
    sent = {"source": {"privacy": "private", "sensitive": True, "language": "fr",
                       "quote_policy": "followers"}}  # fmt: skip
    source = (await ada.ask("PATCH", CREDENTIALS, json=sent)).json["source"]
    assert {name: source[name] for name in sent["source"]} == sent["source"]
    read = (await ada.get("/api/v1/preferences")).json
    assert read["posting:default:quote_policy"] == "followers"
    wrong = await ada.ask("PATCH", CREDENTIALS, json={"source": {"quote_policy": "x"}})
    assert (wrong.status, list(wrong.json["details"])) == (422, ["source[quote_policy]"])


async def test_who_moved_is_shown_with_her_new_account_and_posts_no_more(site: Site) -> None:
    ada, bob = await site.person("ada"), await site.person("bob")
    new = site.people["bob"]
    await change_alias(site.node, new, "ada", on=True)
    await move(site.node, site.people["ada"], "bob")
    shown = (await bob.get(f"/api/v1/accounts/{site.id_of('ada')}")).json
    check("Account", shown["moved"])
    assert (shown["moved"]["id"], "moved" in shown["moved"]) == (site.id_of("bob"), False)
    listed = (await bob.get("/api/v1/accounts", **{"id[]": site.id_of("ada")})).json
    assert listed == [shown], "in a list as by itself"
    assert (await ada.post("/api/v1/statuses", {"status": "encore"})).status == 403
    assert (await bob.get(f"/api/v1/accounts/{site.id_of('ada')}/statuses")).json == []
    own = (await ada.get("/api/v1/accounts/verify_credentials")).json
    assert own["moved"]["username"] == "bob"
