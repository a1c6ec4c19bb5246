"""What an administrator may decide beyond what federation itself needs, as small values.

A subject is a section of the settings file and a field of `Options`, under one name; each of
its values is off, or the calm choice, until the settings say otherwise. The packages above
read them from `node.options`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class MailOptions:
    """How letters leave; without `url` none do.

    Invariants
        `url` is smtp(s)://[user:password@]host[:port] and `sender` an address; with `starttls`
        nothing is sent over smtp:// before the connection is encrypted.
    """

    url: str = ""
    sender: str = ""
    starttls: bool = True
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class RegistrationsOptions:
    """Who may make an account by the client API: nobody, unless the settings say otherwise.

    With `approval` a person of staff decides about each; `reason_required` asks why.
    """

    mode: Literal["closed", "invitation", "approval", "open"] = "closed"
    reason_required: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the site; `translations` are (language, text, hint)."""

    number: int
    text: str
    hint: str = ""
    translations: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SiteText:
    """A text that the site wrote in its folder, and when it was changed (ms)."""

    text: str
    changed_at: int


@dataclass(frozen=True, slots=True)
class InstanceOptions:
    """What the site says of itself.

    `texts` are its own texts by name (`privacy`, `privacy.en`, `terms-2026-01-31`); what is not
    there has a text that comes with the software.
    """

    description: str = ""
    contact_email: str = ""
    protection_email: str = ""
    contact_account: str = ""
    status_url: str = ""
    rules: tuple[Rule, ...] | None = None
    texts: Mapping[str, SiteText] = field(default_factory=dict[str, SiteText])


@dataclass(frozen=True, slots=True)
class MediaOptions:
    """What people may upload, where it is kept, and which links get a card.

    Without `s3_bucket` media are in the node's folder. `cards` says whether links in public
    posts are looked at by their author's node; `card_hosts` are the hosts for which links in
    other posts are as well: such a host learns that somebody here wrote of it.
    """

    bytes_max: int = 99_000_000
    image_bytes_max: int = 16_000_000
    pixels_max: int = 33_177_600
    proxied_bytes_max: int = 2_000_000_000
    proxied_days: int = 7
    cards: bool = True
    card_hosts: tuple[str, ...] = ()
    s3_bucket: str = ""
    s3_url: str = ""
    s3_region: str = "us-east-1"
    s3_key: str = ""
    s3_secret: str = ""


@dataclass(frozen=True, slots=True)
class RatesOptions:
    """How much may be asked: per five minutes; media and deletions per 30, paging per 15."""

    per_person: int = 1_500
    per_token: int = 300
    per_address: int = 300
    pages: int = 1_500
    media: int = 30
    sign_ups: int = 5
    deletions: int = 30
    paging: int = 300


@dataclass(frozen=True, slots=True)
class StreamingOptions:
    """How the processes of one node tell each other what happened.

    `memory` when there is one, `postgres` (LISTEN and NOTIFY), or the redis:// address of a
    Redis or Valkey server.
    """

    bus: str = "memory"


@dataclass(frozen=True, slots=True)
class PushOptions:
    """Whether people may have their devices told by Web Push.

    `networks` are ranges of private addresses in which push services may live (an own
    UnifiedPush server); the addresses come from clients, so none is allowed by itself.
    """

    enabled: bool = True
    networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TranslationOptions:
    """The LibreTranslate service by which statuses are translated; without `url` none is.

    Only what is public goes there, unless `inside` says that it belongs to the organisation.
    `networks` are the ranges of private addresses in which it may live.

    Invariants
        `url` is https, or http on a loopback address.
    """

    url: str = ""
    api_key: str = ""
    inside: bool = False
    networks: tuple[str, ...] = ()


DefaultAudience = Literal["site", "organisation", "partners", "followers", "named", "public"]
AppAudience = Literal["site", "organisation", "partners", "public"]


@dataclass(frozen=True, slots=True)
class PostingOptions:
    """Who reads what a person says no more about.

    `default_audience` is that of whoever chose none for herself. `widest_by_app` is what an
    application means on a closed node when it says *public*: it knows no better word.
    """

    default_audience: DefaultAudience = "site"
    widest_by_app: AppAudience = "organisation"


@dataclass(frozen=True, slots=True)
class HoursOptions:
    """When people of the site may be told of something who have said nothing else.

    `told` is (from, to) in minutes of the day where the node runs, to before from: until the
    next morning; None for at any hour. `essential` is how many announcements in 30 days may
    reach everybody at any hour.
    """

    told: tuple[int, int] | None = (7 * 60, 20 * 60)
    essential: int = 2


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of one node, a field for each subject."""

    mail: MailOptions = field(default_factory=MailOptions)
    registrations: RegistrationsOptions = field(default_factory=RegistrationsOptions)
    instance: InstanceOptions = field(default_factory=InstanceOptions)
    media: MediaOptions = field(default_factory=MediaOptions)
    rates: RatesOptions = field(default_factory=RatesOptions)
    streaming: StreamingOptions = field(default_factory=StreamingOptions)
    push: PushOptions = field(default_factory=PushOptions)
    hours: HoursOptions = field(default_factory=HoursOptions)
    translation: TranslationOptions = field(default_factory=TranslationOptions)
    posting: PostingOptions = field(default_factory=PostingOptions)
