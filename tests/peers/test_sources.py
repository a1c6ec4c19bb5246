"""Each peer document says where its shape comes from and can be applied by a machine.

The grammar that is enforced here is the one that README.md in this folder describes.
"""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.json"))
ACTOR_FILES = [path for path in FILES if path.stem == "actor" or path.stem.startswith("actor_")]
DOCUMENT_FILES = [path for path in FILES if path not in ACTOR_FILES]

# Server actors are of type Application or Service, so it is the name of the file that tells.
INSTANCE_FILE = "actor_instance.json"

DOCUMENTS_MIN = 60
DOCUMENTS_PER_SOFTWARE_MIN = 3
SOFTWARE = {
    "akkoma",
    "friendica",
    "gotosocial",
    "lemmy",
    "mastodon",
    "misskey",
    "mobilizon",
    "peertube",
    "pixelfed",
    "pleroma",
    "snac",
    "wordpress",
}

LITERALS = {
    "ORIGIN",
    "HOST",
    "LOCAL_ACTOR",
    "LOCAL_HANDLE",
    "LOCAL_STATUS",
    "LOCAL_FOLLOW",
    "PEER",
    "PEER_HOST",
    "PEM",
    "PEM_PKCS1",
    "PEM_ED25519",
    "MULTIKEY",
}
NEEDS = {
    "follow_local_to_remote",
    "follow_local_to_remote_pending",
    "local_status",
    "local_poll_single",
    "local_poll_multiple",
    "actor_unknown",
    "key_unverifiable",
}
# Which needs give a meaning to a literal; one of them must hold, here or in what came before.
LITERAL_NEEDS = {
    "LOCAL_STATUS": {"local_status", "local_poll_single", "local_poll_multiple"},
    "LOCAL_FOLLOW": {"follow_local_to_remote", "follow_local_to_remote_pending"},
}

# The only hosts beside *.example: names of vocabularies, never of a server.
VOCABULARIES = {
    "diasporafoundation.org",
    "fedibird.com",
    "funkwhale.audio",
    "gotosocial.org",
    "join-lemmy.org",
    "joinmastodon.org",
    "joinmobilizon.org",
    "joinpeertube.org",
    "litepub.social",
    "misskey-hub.net",
    "ostatus.org",
    "pixelfed.org",
    "purl.archive.org",
    "purl.org",
    "schema.org",
    "w3id.org",
    "www.w3.org",
}

SOURCE_KEYS = {"repository", "path", "version", "seen"}
ACTOR_KEYS = {"source", "quirks", "actor_document"}
WRAPPER_KEYS = {
    "source",
    "quirks",
    "delivered_to",
    "signer",
    "actor",
    "needs",
    "document",
    "expect",
}
WRAPPER_OPTIONAL = {"serves", "gone"}
OUTCOMES = {"done", "ignored", "refused"}

EFFECTS: dict[str, type] = {
    "status": dict,
    "statuses": int,
    "deleted": str,
    "boost_of": str,
    "favourites": int,
    "reblogs": int,
    "votes": list,
    "follow": str,
    "follower": str,
    "blocked_by": bool,
    "featured": list,
    "report": dict,
    "actor": dict,
    "sent": list,
    "nothing": bool,
    "fetches": int,
}
STATUS_EFFECTS: dict[str, type] = {
    "uri": str,
    "type": str,
    "url": str,
    "content_contains": str,
    "content_lacks": str,
    "spoiler_text": str,
    "sensitive": bool,
    "visibility": str,
    "language": str,
    "mentions": int,
    "tags": list,
    "emojis": list,
    "attachments": int,
    "attachment_types": list,
    "descriptions": list,
    "blurhash": str,
    "focus": list,
    "in_reply_to": str,
    "quote": str,
    "created_at": str,
    "edited": bool,
    "edited_at": str,
    "poll_options": list,
    "poll_multiple": bool,
    "poll_votes": list,
    "voters": int,
}
ACTOR_EFFECTS: dict[str, type] = {"name": str, "locked": bool, "gone": bool, "moved_to": str}
REPORT_EFFECTS: dict[str, type] = {"statuses": int, "comment_contains": str}
VALUES = {
    "follow": {"accepted", "pending", "none"},
    "follower": {"accepted", "pending", "none"},
    "visibility": {"public", "unlisted", "private", "direct"},
}
SENT = {"Accept", "Reject", "Follow", "Undo"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z|not_after_now")
QUIRK_NUMBERS = {str(number) for number in range(1, 39)} | {"35b"}


def label(path: Path) -> str:
    """Name a file as the table of quirks does: software/name."""
    return f"{path.parent.name}/{path.stem}"


def load(path: Path) -> dict[str, Any]:
    """Read one file as a JSON object."""
    data = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(data, dict), f"{path} is not an object"
    return data


def strings(value: Any) -> list[str]:
    """List every string of a JSON value, keys included."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in [key, *strings(item)]]
    return []


def check_source(source: dict[str, Any], quirks: list[Any]) -> None:
    """Refuse a source that leaves a question open, and quirks without a number."""
    assert set(source) == SOURCE_KEYS
    for name, value in source.items():
        assert isinstance(value, str), f"source.{name} is not a string"
        assert value.strip(), f"source.{name} is empty"
    assert re.fullmatch(r"https://[a-z.]+/[\w.-]+/[\w.-]+", source["repository"])
    assert not source["path"].startswith(("/", "http"))
    assert re.match(r"[0-9a-f]{9,40}|\d{4}-\d\d-\d\d", source["version"]), "no commit nor date"
    assert len(source["seen"]) >= 24
    assert source["seen"].endswith(".")
    assert set(quirks) <= QUIRK_NUMBERS
    assert len(set(quirks)) == len(quirks)


def check_members(values: dict[str, Any], allowed: dict[str, type]) -> None:
    """Refuse an expected value that the applying test would not know."""
    for name, value in values.items():
        assert name in allowed, f"unknown effect {name}"
        assert type(value) is allowed[name], f"effect {name} is a {type(value).__name__}"
        if name in VALUES:
            assert value in VALUES[name], f"effect {name} is {value}"


def needs_with_those_before(path: Path, seen: tuple[Path, ...] = ()) -> set[str]:
    """Collect the needs of a document and of all that is delivered before it; refuse a circle."""
    assert path not in seen, f"{label(path)} needs itself"
    collected: set[str] = set()
    for need in load(path)["needs"]:
        word, _, file = need.partition(":")
        if word == "after":
            before = path.parent / file
            assert before in DOCUMENT_FILES, f"{file} is not a document of this folder"
            collected |= needs_with_those_before(before, (*seen, path))
        else:
            assert need in NEEDS, f"unknown need {need}"
            collected.add(need)
    return collected


def test_enough_documents_of_every_software() -> None:
    """Hold the numbers that the documents must reach, software by software."""
    counted = Counter(path.parent.name for path in DOCUMENT_FILES)
    assert len(DOCUMENT_FILES) >= DOCUMENTS_MIN
    assert {name for name in SOFTWARE if counted[name] < DOCUMENTS_PER_SOFTWARE_MIN} == set()


@pytest.mark.parametrize("path", FILES, ids=label)
def test_literals_and_hosts(path: Path) -> None:
    """Allow only known literals, and no address of a real server."""
    data = load(path)
    shape = {name: value for name, value in data.items() if name != "source"}
    for text in strings(shape):
        assert set(re.findall(r"@@([A-Z][A-Z0-9_]*)@@", text)) <= LITERALS, text
        assert "BEGIN" not in text, "a key belongs to the test, not to a document"
        for address in re.findall(r"https?://[^\s\"'<>()\]]+", text):
            host = urlsplit(address).hostname or ""
            assert host.endswith(".example") or host in VOCABULARIES, address


@pytest.mark.parametrize("path", ACTOR_FILES, ids=label)
def test_actor_file(path: Path) -> None:
    """Check that an actor has a source, an id on its peer and a key that the test can fill in."""
    data = load(path)
    assert set(data) == ACTOR_KEYS
    check_source(data["source"], data["quirks"])
    actor = data["actor_document"]
    assert actor["id"].startswith("@@PEER@@/")
    assert actor["inbox"].startswith("@@PEER@@/")
    assert actor["preferredUsername"]
    assert "https://www.w3.org/ns/activitystreams" in strings(actor["@context"])
    assert actor["type"] in {"Person", "Service", "Group", "Application", "Organization"}
    keys = actor["publicKey"] if isinstance(actor["publicKey"], list) else [actor["publicKey"]]
    assert all(key["owner"] == actor["id"] for key in keys)
    assert all(key["publicKeyPem"].strip().startswith("@@PEM") for key in keys)


@pytest.mark.parametrize("path", DOCUMENT_FILES, ids=label)
def test_document_file(path: Path) -> None:
    """Check that a document has all members, and that its actor is the one who signs."""
    data = load(path)
    assert WRAPPER_KEYS <= set(data) <= WRAPPER_KEYS | WRAPPER_OPTIONAL
    check_source(data["source"], data["quirks"])
    assert data["delivered_to"] in {"shared", "personal"}
    assert path.with_name(data["actor"]) in ACTOR_FILES
    actor = load(path.with_name(data["actor"]))["actor_document"]
    assert data["signer"] == ("instance" if data["actor"] == INSTANCE_FILE else "actor")
    document = data["document"]
    assert document["actor"] == actor["id"]
    assert document["type"]
    assert "https://www.w3.org/ns/activitystreams" in strings(document["@context"])
    # Mastodon's Add and Remove are the only ones that really come without an id.
    assert document.get("id", "@@PEER@@").startswith("@@PEER@@")
    assert "id" in document or document["type"] in {"Add", "Remove"}
    for address, served in data.get("serves", {}).items():
        assert address.startswith("@@PEER@@/")
        assert "#" not in address
        assert served["id"] == address
        assert served["@context"]
    for address in data.get("gone", []):
        assert address.startswith("@@PEER@@/")


@pytest.mark.parametrize("path", DOCUMENT_FILES, ids=label)
def test_needs(path: Path) -> None:
    """Check that all that the document speaks of exists before it comes."""
    data = load(path)
    needs = needs_with_those_before(path)
    text = json.dumps(data["document"])
    for literal, either in LITERAL_NEEDS.items():
        assert f"@@{literal}@@" not in text or needs & either, f"{literal} without its need"
    assert not ({"local_poll_single", "local_poll_multiple"} <= needs)


@pytest.mark.parametrize("path", DOCUMENT_FILES, ids=label)
def test_expectation(path: Path) -> None:
    """Check that what is expected is said in the fixed words, and that something is expected."""
    expect = load(path)["expect"]
    assert set(expect) == {"outcome", "code", "effect"}
    assert expect["outcome"] in OUTCOMES
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", expect["code"])
    assert (expect["outcome"] == "done") == (expect["code"] == "done")
    effect = expect["effect"]
    assert effect, "an effect must be stated, if only that there is none"
    check_members(effect, EFFECTS)
    check_members(effect.get("status", {}), STATUS_EFFECTS)
    check_members(effect.get("actor", {}), ACTOR_EFFECTS)
    check_members(effect.get("report", {}), REPORT_EFFECTS)
    assert set(effect.get("sent", [])) <= SENT
    for name in ("created_at", "edited_at"):
        moment = effect.get("status", {}).get(name, "not_after_now")
        assert MOMENT.fullmatch(moment), f"{name} is {moment}"


def test_table_of_quirks_agrees_with_the_documents() -> None:
    """Check that quirks.md names for each quirk exactly the files that name it, or a test."""
    exercised: dict[str, set[str]] = {number: set() for number in QUIRK_NUMBERS}
    for path in FILES:
        for number in load(path)["quirks"]:
            exercised[number].add(label(path))
    rows: dict[str, tuple[set[str], str]] = {}
    for line in (HERE / "quirks.md").read_text(encoding="utf-8").splitlines():
        row = re.fullmatch(r"\| (\d+b?) \| ([^|]+) \| ([^|]*) \| ([^|]*) \|", line)
        if row:
            assert row[1] not in rows, f"quirk {row[1]} twice"
            rows[row[1]] = (set(re.findall(r"`([^`]+)`", row[3])), row[4].strip())
    assert set(rows) == QUIRK_NUMBERS
    for number, (named, own_test) in rows.items():
        assert named == exercised[number], f"quirk {number}"
        assert named or own_test.startswith("own test: "), f"quirk {number} has no proof"
