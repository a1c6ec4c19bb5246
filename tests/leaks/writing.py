"""Acts with words: to post, to answer, to change and to take back."""

from typing import Any

import orjson

from tests.leaks.acts import (
    NOTHING,
    Act,
    Kinds,
    fields_of,
    held_by,
    living,
    note,
    one_of,
    one_of_a_kind,
)
from tests.leaks.marks import TAG, new_mark
from tests.leaks.model import ACROSS, KINDS, OPEN, PEER, Mark, Said, Someone
from tests.leaks.world import PEOPLE, LeakError, World
from tests.web.mastodon.files import form

WRITERS = tuple(person for person in PEOPLE if not person.is_guest)
# From the widest to the narrowest, where one contains the next.
ORDER = ("partners", "named_partners", "organisation", "site")


async def say(
    world: World,
    author: Someone,
    kind: str,
    *,
    mentions: tuple[Someone, ...] = (),
    partners: tuple[str, ...] = (),
    parent: Said | None = None,
    quoted: Said | None = None,
    wish: dict[str, Any] | None = None,
    plain: bool = False,
) -> Said | None:
    """Say something marked; None when it was refused."""
    word = new_mark(world.chance)
    handles = " ".join(world.handle(person) for person in mentions)
    origins = [world.origin(name) for name in partners]
    fields: dict[str, Any] = wish if wish is not None else fields_of(kind, origins)
    fields = {"status": f"{word} #{TAG} {handles}".strip(), **fields}
    more = "" if plain else world.chance.choice(("", "", "warning", "poll", "file"))
    media: dict[str, Any] = {}
    if more == "warning":
        fields["spoiler_text"] = f"sur {word}"
    elif more == "poll":
        fields["poll"] = {"options": [f"oui {word}", "non"], "expires_in": 86_400}
    elif more == "file":
        media = await _attach(world, author, word)
        fields["media_ids"] = [media["id"]]
    for name, said in (("in_reply_to_id", parent), ("quoted_status_id", quoted)):
        if said is not None:
            fields[name] = str(await held_by(world, author, said))
    got = await world.call(author, "POST", "/api/v1/statuses", **fields)
    if got.status != 200:
        return None
    answer = orjson.loads(got.body)
    known = {mention["acct"].partition("@")[0] for mention in answer["mentions"]}
    named = frozenset(person for person in mentions if person.name in known)
    if parent is not None:
        # Whoever is answered reads the answer; so do those named with her.
        named |= {parent.author} - {author}
        if kind == "named" and parent.kind in ("named", "followers"):
            named |= parent.named - {author}
    made = Said(len(world.model.said), author, kind, answer["uri"], [Mark(word)], parent)
    made.named, made.has_poll = named, more == "poll"
    made.partners = frozenset(partners)
    made.file_name = media.get("url") or ""
    if kind in ACROSS:
        inherits = parent is not None and parent.kind == kind
        made.root = parent.root if inherits and parent is not None else made
    world.model.begin(made)
    return made


async def _attach(world: World, author: Someone, word: str) -> Any:
    """Send a file whose bytes and description are marked."""
    body, about = form(
        ("file", "note.txt", f"Fichier {word}\n".encode()), ("description", None, word.encode())
    )
    headers = {"Authorization": f"Bearer {world.tokens[author.name]}", **about}
    got = await world.site_of(author).ask("POST", "/api/v2/media", headers, body)
    assert got.status == 200, got.body
    return orjson.loads(got.body)


def reachable(world: World, author: Someone) -> list[Someone]:
    """The people whom somebody can name now."""
    return [
        person
        for person in world.model.people
        if person != author and world.model.is_open(author.site, person.site)
    ]


async def post(world: World) -> Kinds:
    """Somebody posts to one kind of audience."""
    kind = world.chance.choice(KINDS)
    author = world.chance.choice(WRITERS)
    mentions: tuple[Someone, ...] = ()
    partners: tuple[str, ...] = ()
    near = reachable(world, author)
    if kind == "named_partners":
        link = world.model.link
        chosen = [
            site
            for site in world.model.partners_of(author.site)
            if (found := link(author.site, site))
            and found.kind == "partner"
            and found.is_open
            and found.gives(author.site)
        ]
        if not chosen:
            return NOTHING
        partners = tuple(world.chance.sample(chosen, world.chance.randint(1, len(chosen))))
    if kind == "named" or (kind in ("followers", *OPEN) and world.chance.random() < 0.3):
        if not near:
            return NOTHING
        mentions = (world.chance.choice(near),)
    note(world, f"{author.name} posts to {kind} {[m.name for m in mentions]} {partners}")
    said = await say(world, author, kind, mentions=mentions, partners=partners)
    return [kind] if said is not None else NOTHING


def kind_of_answer(world: World, person: Someone, parent: Said, wish: str) -> str:
    """What an answer may be: the audience of its conversation or a narrower one."""
    kind = parent.kind
    if kind in OPEN:
        return "unlisted" if (kind, wish) == ("unlisted", "public") else wish
    if wish == "named":
        return "named"
    if kind in ACROSS:
        assert parent.root is not None
        owner = parent.root.home
        link = world.model.link(person.site, owner)
        known: tuple[str, ...] = ("site",)
        if owner == person.site:
            known = ("named_partners", "organisation", "site")
        elif link is not None and link.kind == "site":
            known = ("organisation", "site")
        narrower = wish in ORDER and ORDER.index(wish) > ORDER.index(kind)
        return wish if wish in known and narrower else kind
    if kind == "followers":
        return "followers" if parent.author == person else "named"
    return kind


async def answer(world: World) -> Kinds:
    """Somebody answers what she may read, asking for any audience."""
    parent = one_of_a_kind(world, living(world))
    may = [p for p in WRITERS if parent and world.model.may_read(p, parent) is True]
    person = one_of(world, may)
    if parent is None or person is None:
        return NOTHING
    if await held_by(world, person, parent) is None:
        return NOTHING
    wish = world.chance.choice(("public", "followers", "partners", "organisation", "site", "named"))
    kind = kind_of_answer(world, person, parent, wish)
    mentions: tuple[Someone, ...] = ()
    if kind == "named":
        if parent.author == person or not world.model.is_open(person.site, parent.home):
            return NOTHING
        mentions = (parent.author,)
    note(world, f"{person.name} answers {parent.label} wishing {wish}: {kind}")
    said = await say(world, person, kind, mentions=mentions, parent=parent, wish=fields_of(wish))
    return [parent.kind] if said is not None else NOTHING


async def edit(world: World) -> Kinds:
    """An author says it differently."""
    said = one_of(world, [s for s in living(world) if not s.has_poll and s.home != PEER])
    if said is None:
        return NOTHING
    word = new_mark(world.chance)
    status_id = await held_by(world, said.author, said)
    handles = " ".join(sorted(world.handle(person) for person in said.named))
    note(world, f"{said.author.name} edits {said.label}")
    path = f"/api/v1/statuses/{status_id}"
    fields: dict[str, Any] = {"status": f"{word} #{TAG} {handles}".strip()}
    got = await world.call(said.author, "PUT", path, **fields)
    if got.status != 200:
        return NOTHING
    world.model.edited(said, word)
    said.file_name = ""
    return [said.kind]


async def delete(world: World) -> Kinds:
    """An author takes it back."""
    said = one_of(world, [s for s in living(world) if s.home != PEER])
    if said is None:
        return NOTHING
    note(world, f"{said.author.name} deletes {said.label}")
    path = f"/api/v1/statuses/{await held_by(world, said.author, said)}"
    got = await world.call(said.author, "DELETE", path)
    if got.status != 200:
        msg = f"{said.author.name} cannot delete {said.label}: {got.status} {got.body!r}"
        raise LeakError(msg)
    world.model.deleted(said)
    return [said.kind]


ACTS = (
    Act("post", 30, post, KINDS),
    Act("answer", 20, answer, KINDS),
    Act("edit", 7, edit, KINDS),
    Act("delete", 4, delete, KINDS),
)
