"""Who may hold what, and who must: the rules of audiences written a second time, from the words.

Nothing here asks the software that is tested. Sites, people, agreements and follows are as the
acts left them; what each object reached is derived from that after every act.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

ACROSS = ("organisation", "partners", "named_partners")
OPEN = ("public", "unlisted")
KINDS = ("site", *ACROSS, "followers", "named", *OPEN)
SITES = ("tilleuls", "roses", "valmont", "glycines", "lilas", "ortie")
PEER = "plain"
"""The site of the plain peer: it has no agreement, and one site allows it by hand."""


@dataclass(frozen=True)
class Someone:
    """A person; a guest is no member of her site."""

    name: str
    site: str
    is_guest: bool = False


@dataclass
class Link:
    """What stands between two sites: an agreement, or what is left of one."""

    kind: str
    in_force: bool = True
    paused: set[str] = field(default_factory=set[str])
    silent: set[str] = field(default_factory=set[str])
    """The sides that let the other have no audiences."""
    no_follows: set[str] = field(default_factory=set[str])
    no_messages: set[str] = field(default_factory=set[str])
    lost: set[tuple[Someone, Someone]] = field(default_factory=set[tuple[Someone, Someone]])
    """The follows that its end took away, or a narrowing: the next agreement brings them back."""

    @property
    def is_open(self) -> bool:
        """Whether things pass now."""
        return self.in_force and not self.paused

    def gives(self, side: str) -> bool:
        """Whether what `side` says in audiences of sites is for the other."""
        return self.kind == "site" or side not in self.silent


@dataclass
class Mark:
    """One version of an object: who ever might hold it, and who must have it in the end."""

    word: str
    allowed: set[str] = field(default_factory=set[str])
    owed: set[str] = field(default_factory=set[str])


@dataclass
class Said:
    """One object with its marks, the newest last."""

    number: int
    author: Someone
    kind: str
    uri: str
    marks: list[Mark]
    parent: "Said | None" = None
    root: "Said | None" = None
    """Where its audience of several sites began; itself when it began with this."""
    named: frozenset[Someone] = frozenset()
    partners: frozenset[str] = frozenset()
    has_poll: bool = False
    file_name: str = ""
    is_deleted: bool = False
    circle: set[str] = field(default_factory=set[str])
    """The sites that its conversation has had since it was said."""
    changed: int = 0
    """When it was said, changed or taken back last."""
    forgotten: set[str] = field(default_factory=set[str])
    """The sites that were put back as they were before that."""

    @property
    def home(self) -> str:
        return self.author.site

    @property
    def allowed(self) -> set[str]:
        return set[str]().union(*(mark.allowed for mark in self.marks))

    @property
    def words(self) -> set[str]:
        return {mark.word for mark in self.marks}

    @property
    def label(self) -> str:
        return f"#{self.number} ({self.kind}, {self.author.name})"


@dataclass
class Model:
    """The whole world as it should be."""

    people: list[Someone]
    links: dict[frozenset[str], Link] = field(default_factory=dict[frozenset[str], Link])
    follows: set[tuple[Someone, Someone]] = field(default_factory=set[tuple[Someone, Someone]])
    blocks: dict[tuple[Someone, Someone], bool] = field(
        default_factory=dict[tuple[Someone, Someone], bool]
    )
    """Whom somebody blocks, and whether the other's site was told."""
    by_hand: set[frozenset[str]] = field(default_factory=set[frozenset[str]])
    """Peers that were allowed without an agreement."""
    said: list[Said] = field(default_factory=list[Said])
    moment: int = 0

    # Between sites ------------------------------------------------------------------------------

    def link(self, one: str, other: str) -> Link | None:
        return self.links.get(frozenset((one, other)))

    def is_open(self, one: str, other: str) -> bool:
        """Whether what one sends the other takes, now."""
        link = self.link(one, other)
        by_hand = frozenset((one, other)) in self.by_hand
        return one == other or by_hand or (link is not None and link.is_open)

    def is_in_force(self, one: str, other: str) -> bool:
        """Whether it takes it now or after a pause."""
        link = self.link(one, other)
        by_hand = frozenset((one, other)) in self.by_hand
        return one == other or by_hand or (link is not None and link.in_force)

    def partners_of(self, site: str) -> list[str]:
        """The sites with which an agreement is in force."""
        return sorted(
            next(iter(pair - {site}))
            for pair, link in self.links.items()
            if site in pair and link.in_force
        )

    def gives(self, one: str, other: str, *, waiting: bool = False) -> bool:
        """Whether what one says in an audience of sites goes to the other."""
        link = self.link(one, other)
        if link is None or not self.sends(one, other, waiting=waiting):
            return False
        return link.gives(one)

    def sends(self, one: str, other: str, *, waiting: bool = False) -> bool:
        """Whether one has anything for the other: its own pause keeps it, the other's does not."""
        link = self.link(one, other)
        kept = link is not None and one in link.paused and not waiting
        return self.is_in_force(one, other) and not kept

    # Audiences ----------------------------------------------------------------------------------

    def circle_of(self, root: Said, *, waiting: bool = False) -> set[str]:
        """The sites of an audience of several, as its owner says now."""
        found = {root.home}
        for site in self.partners_of(root.home):
            link = self.link(root.home, site)
            assert link is not None
            wanted = link.kind == "site" or root.kind == "partners" or site in root.partners
            if wanted and self.gives(root.home, site, waiting=waiting):
                found.add(site)
        return found

    def sites_of(self, said: Said, *, waiting: bool = False) -> set[str]:
        """The sites for which an object is now; with `waiting` also when a pause is over."""
        if said.kind == "site":
            return {said.home}
        if said.kind in ACROSS:
            assert said.root is not None
            if said.root is said:
                return self.circle_of(said, waiting=waiting)
            circle = said.circle | self.circle_of(said.root, waiting=waiting)
            passed = {s for s in circle if self.gives(said.home, s, waiting=waiting)}
            return {said.home} | passed
        # Of a block that a restored site may have forgotten, or not heard taken back: nothing is
        # owed, and all is allowed.
        blocked = {pair for pair, is_sure in self.blocks.items() if is_sure or waiting}
        readers = {one.site for one in said.named if (said.author, one) not in blocked}
        if said.kind != "named":
            readers |= {one.site for one, other in self.follows if other == said.author}
        if said.kind in OPEN:
            readers |= {s for s in (*SITES, PEER) if self.is_in_force(said.home, s)}
        sent = {site for site in readers if self.sends(said.home, site, waiting=waiting)}
        return {said.home} | sent

    def owed_to(self, said: Said) -> set[str]:
        """The sites that must get an object: at once, or when a pause is over."""
        sites = self.sites_of(said, waiting=True) - {PEER}
        if said.kind in OPEN:
            sites &= self._asked_for(said)
        if said.kind == "named":
            link = {s: self.link(said.home, s) for s in sites}
            sites = {s for s in sites if not ((found := link[s]) and found.no_messages)}
        if said.root is not None and said.root is not said:
            owner = said.root.home
            known = {s for s in sites if self.is_open(said.home, s) and self._has(s, said.root)}
            sites = {said.home} | known | (sites & {owner})
        return sites

    def _has(self, site: str, root: Said) -> bool:
        """Whether a site surely was given a conversation and has something of it: it can say so."""
        left = [said for said in self.said if said.root is root and not said.is_deleted]
        has = any(site in said.marks[0].owed and site not in said.forgotten for said in left)
        given = site in root.marks[0].owed and site not in root.forgotten
        return has and given and self.is_open(root.home, site)

    def _asked_for(self, said: Said) -> set[str]:
        """The sites to which something for everybody is sent: others may come for it."""
        followed = {one.site for one, other in self.follows if other == said.author}
        return followed | {one.site for one in said.named} | {said.home}

    def begin(self, said: Said) -> None:
        """Take in something that was said just now."""
        self.said.append(said)
        said.changed = self.moment
        if said.root is not None:
            # Whoever has not heard of a narrowing yet says in good faith that it belongs.
            owner = said.root.home
            unaware = {s for s in said.root.allowed if not self._told(s, owner)}
            said.circle = self.circle_of(said.root, waiting=True) | unaware
        said.marks[-1].owed = self.owed_to(said)
        self.refresh()

    def edited(self, said: Said, word: str) -> None:
        """A new version of it: for whom it is now, whoever holds the one before."""
        before = said.marks[-1]
        new = Mark(word)
        new.owed = before.owed & self.owed_to(said)
        if said.kind in OPEN:
            new.allowed = {s for s in before.allowed if self.is_in_force(said.home, s)}
        said.marks.append(new)
        said.changed = self.moment
        self.refresh()

    def deleted(self, said: Said) -> None:
        """It was taken back."""
        said.is_deleted, said.changed = True, self.moment

    def refresh(self) -> None:
        """After an act: what is allowed grows, what is owed shrinks."""
        for said in self.said:
            if said.is_deleted and said.home not in said.forgotten:
                # Where nobody else had it, a site that was put back cannot know that it is gone.
                continue
            if said.root is not None:
                said.circle |= self.circle_of(said.root)
            now, owed = self.sites_of(said), self._still_owed(said)
            for mark in said.marks:
                mark.allowed |= now
                mark.owed &= owed

    def _still_owed(self, said: Said) -> set[str]:
        owed = self.sites_of(said, waiting=True)
        if said.kind in OPEN:
            owed &= self._asked_for(said)
        if said.root is None or said.root is said:
            return owed
        owner = said.root.home
        return {s for s in owed if self._takes(s, owner) and self.gives_back(said, s)}

    def gives_back(self, said: Said, site: str) -> bool:
        """Whether the owner of a conversation takes an answer of somebody's site."""
        assert said.root is not None
        if site != said.root.home or said.home == site:
            return True
        return said.home in self.circle_of(said.root, waiting=True)

    def _takes(self, site: str, other: str) -> bool:
        """Whether a site shows its members what another says in audiences of sites."""
        link = self.link(site, other)
        return site == other or (link is not None and link.in_force and link.gives(other))

    # People -------------------------------------------------------------------------------------

    def may_read(self, person: Someone, said: Said) -> bool | None:
        """Whether a person may be shown an object; None where both are right for now."""
        site, home = person.site, said.home
        waits = site != home and not self.is_open(site, home)
        if said.is_deleted:
            # What was fetched, and not sent, is taken back by the next comparison.
            lost = {site, home} & said.forgotten or site not in said.marks[0].owed
            return None if waits or lost else False
        if site not in said.allowed or person == said.author:
            return site in said.allowed
        return self._may_read(person, said, waits=waits)

    def _may_read(self, person: Someone, said: Said, *, waits: bool) -> bool | None:
        site, home = person.site, said.home
        if (said.author, person) in self.blocks:
            return False if self.blocks[said.author, person] else None
        if said.kind == "site" or said.kind in ACROSS:
            return not person.is_guest and self._stands(site, said)
        if not self.is_in_force(site, home):
            return None
        follows = said.kind == "followers" and (person, said.author) in self.follows
        if said.kind in OPEN or person in said.named or follows:
            return True
        # Who follows no more is shown it until her site knows.
        return None if said.kind == "followers" and waits else False

    def _stands(self, site: str, said: Said) -> bool | None:
        if site == said.home:
            return True
        assert said.root is not None
        owner = said.root.home
        stands = self._takes(site, said.home) and self._takes(site, owner)
        if not stands and any(not self._told(site, other) for other in (said.home, owner)):
            return None
        return stands

    def _told(self, site: str, other: str) -> bool:
        """Whether what changed between two sites is known to both."""
        link = self.link(site, other)
        return site == other or link is None or not link.paused

    def must_read(self, person: Someone, said: Said) -> bool:
        """Whether a person finds an object, once the network is calm."""
        if said.is_deleted or self.may_read(person, said) is not True:
            return False
        if self.is_lost(said, person.site):
            return False
        if person.site != said.home and any(
            not self._told(person.site, s) for s in self._ways(said)
        ):
            return False
        return person.site in said.marks[-1].owed

    def is_lost(self, said: Said, site: str) -> bool:
        """Whether a site was put back since, or one on the way there."""
        return bool(said.forgotten & {site, *self._ways(said)})

    def _ways(self, said: Said) -> Iterable[str]:
        return {said.home} if said.root is None else {said.home, said.root.home}
