"""What staff did in the world, who waits for it, and what people are told of it."""

from typing import Any

from inbox.notifications import notify_severed
from tests.web.mastodon.contract.world import World

ADMIN = "/api/v1/admin"


async def newcomers(world: World) -> None:
    """Three who signed up and wait: one to be let in, one to be sent away, one who stays."""
    for name in ("hugo", "ines", "jean"):
        asked = {
            "username": name, "email": f"{name}@tilleuls.example", "agreement": True,
            "password": "une phrase de passe longue", "locale": "fr", "reason": "Je vis ici",
        }  # fmt: skip
        token = await world.post("app", "/api/v1/accounts", asked)
        world.clients[name] = world.site.client(token["access_token"])
        found = await world.do("staff", "GET", "/api/v2/admin/accounts", username=name)
        world.names[name] = found[0]["id"]


async def reports(world: World) -> None:
    """Reports that are open, taken on, and closed."""
    about = {"account_id": "{bob}", "status_ids": ["{told}"], "rule_ids": ["1"], "comment": "Bof"}
    await world.post("chloe", "/api/v1/reports", about, "report")
    await world.post("chloe", "/api/v1/reports", {"account_id": "{paul}"}, "report_2")
    await world.post("bob", "/api/v1/reports", {"account_id": "{fred}"}, "closed_report")
    await world.post("staff", f"{ADMIN}/reports/{{report}}/assign_to_self")
    await world.post("staff", f"{ADMIN}/reports/{{closed_report}}/resolve")


async def decisions(world: World) -> None:
    """Accounts and domains that staff decided about, and addresses it refuses."""
    for name, action in (("fred", "silence"), ("gina", "sensitive"), ("old", "suspend")):
        if name not in world.names:
            world.clients[name] = await world.site.person(name)
            world.names[name] = world.site.id_of(name)
        await _act(world, name, {"type": action, "text": "Voyez"})
    domains: dict[str, dict[str, Any]] = {
        "domain_allow": {"domain": "iris.example"},
        "domain_block": {
            "domain": "ronces.example", "severity": "suspend", "private_comment": "Bruit",
            "public_comment": "Bruit", "obfuscate": True,
        },
        "domain_limit": {"domain": "orties.example", "severity": "silence"},
    }  # fmt: skip
    for name, sent in domains.items():
        kind = "domain_allows" if name == "domain_allow" else "domain_blocks"
        await world.post("staff", f"{ADMIN}/{kind}", sent, name)
    addresses: dict[str, dict[str, Any]] = {
        "email_domain_block": {"domain": "jetable.example"},
        "canonical_email_block": {"email": "bruit@jetable.example"},
        "ip_block": {
            "ip": "203.0.113.0/24", "severity": "no_access", "comment": "Bruit", "expires_in": 60,
        },
    }  # fmt: skip
    for name, sent in addresses.items():
        await world.post("staff", f"{ADMIN}/{name}s", sent, name)
    lasting = {"ip": "198.51.100.0/24", "severity": "sign_up_block"}
    await world.post("staff", f"{ADMIN}/ip_blocks", lasting, "lasting_ip_block")


async def _act(world: World, name: str, sent: dict[str, Any]) -> None:
    await world.post("staff", f"{ADMIN}/accounts/{{{name}}}/action", sent)


async def announcements(world: World) -> None:
    """One that all read and some answered, one that is over, one for later, an essential one."""
    text = "Repas commun #fête :tilleul:"
    timed = {
        "text": text, "starts_at": "2026-01-01T00:00:00Z", "ends_at": "2030-01-01T00:00:00Z",
    }  # fmt: skip
    await world.post("staff", f"{ADMIN}/announcements", timed, "announcement")
    await world.post("staff", f"{ADMIN}/announcements", {"text": "Bonjour"}, "untimed")
    urgent = {"text": "Restez au frais", "essential_reason": "Alerte canicule cette nuit"}
    await world.post("staff", f"{ADMIN}/announcements", urgent, "essential")
    later = {"text": "Plus tard", "scheduled_at": "2030-01-01T00:00:00Z"}
    await world.post("staff", f"{ADMIN}/announcements", later, "later")
    for name in ("tilleul", "🎉"):
        path = f"/api/v1/announcements/{{announcement}}/reactions/{name}"
        await world.do("ada", "PUT", path)
    await world.do("bob", "PUT", "/api/v1/announcements/{announcement}/reactions/🎉")


async def told(world: World) -> None:
    """What ada is told by the site, and what her policy holds back."""
    node, ada = world.site.node, int(world.names["ada"])
    await world.write(
        lambda tx: notify_severed(
            node, tx, ada, "domain_block", "ronces.example", followers_count=1, following_count=2
        )
    )
    await _act(world, "ada", {"type": "none", "text": "Doucement"})
    await world.post("bob", "/api/v1/reports", {"account_id": "{ada}", "status_ids": ["{post}"]})
    found = await world.do("staff", "GET", f"{ADMIN}/reports", target_account_id="{ada}")
    world.names["report_of_ada"] = found[0]["id"]
    sent = {"type": "none", "text": "Ceci", "report_id": "{report_of_ada}"}
    await _act(world, "ada", sent)
    held = {"for_not_following": "filter"}
    await world.do("ada", "PATCH", "/api/v2/notifications/policy", held)
    await world.publish("denis", "held", "@ada bonjour")
    for name in ("staff", "zoe"):
        await world.post(name, "/api/v1/statuses/{unlisted}/favourite")
    await world.publish("staff", "official", "@bob bienvenue")
    await world.settle()
    requests = await world.do("ada", "GET", "/api/v1/notifications/requests")
    for item in requests:
        world.names[f"request_{item['account']['username']}"] = item["id"]
    groups = await world.do("ada", "GET", "/api/v2/notifications")
    for group in groups["notification_groups"]:
        world.names.setdefault(f"group_{group['type']}", group["group_key"])
    for item in await world.do("ada", "GET", "/api/v1/notifications"):
        world.names.setdefault(f"told_{item['type']}", item["id"])
    for item in await world.do("ada", "GET", "/api/v1/conversations"):
        world.names.setdefault("conversation", item["id"])
        world.names["other_conversation"] = item["id"]
