"""Every surface that reads statuses asks `outbox.visibility`, or stands here with its reason."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READS = re.compile(r"\b(?:FROM|JOIN)\s+status\b(?!_)", re.IGNORECASE)
ASKS = {"may_see_sql", "visible", "may", "sees"}
# Conditions of a module that hold `may_see_sql` themselves.
THROUGH = {"_visible", "_common", "_wished"}

# What reads statuses without asking, by the reason why nobody is shown anything by it.
EXCEPTIONS: dict[str, tuple[str, ...]] = {
    "ids, without content, told to the one site whose own objects they are": (
        "inbox/holdings.py:_held",
    ),
    "it is the predicate, or the one function that says where something goes": (
        "outbox/visibility.py:_condition",
        "outbox/audience.py:holders",
        "maillage/judge.py:_holds",
        "maillage/judge.py:_is_no_message",
    ),
    "whether somebody was written to by name; nothing of it is told": ("outbox/agreed.py:_TIED",),
    "rows that the caller has just found with the predicate, read once more": (
        "web/mastodon/entities.py:_whole",
        "outbox/classes.py:classify",
        "web/collections.py:Collections._published",
        "web/activitypub.py:Documents._boost",
        "web/mastodon/polls.py:polls",
        "web/mastodon/statuses.py:_target",
        "outbox/quote_documents.py:quote_link",
        "inbox/filter_matching.py:read_texts",
    ),
    "an id for the predicate, or where it may be asked; the same statement's caller asks": (
        "outbox/audience_members.py:ask_again",
        "web/mastodon/telling.py:_status",
        "web/mastodon/telling.py:_apart",
        "inbox/home.py:_recent",
        "inbox/home.py:_newest",
        "inbox/home_readers.py:_UNASKED",
        "inbox/timelines.py:_pinned",
        "inbox/threads.py:context",
        "inbox/search.py:_look_in",
        "inbox/search.py:_judged",
        "inbox/search.py:_walked",
        "inbox/search.py:_LIBRARY",
        "inbox/wishes.py:not_hidden",
        "inbox/wishes.py:not_from",
        "inbox/wishes.py:understood",
    ),
    "what the reader herself did or wrote": (
        "web/mastodon/entities.py:_seen",
        "web/mastodon/telling.py:_TOUCHED",
        "web/mastodon/audiences.py:_as_before",
        "outbox/tags.py:used_lately",
        "outbox/statuses.py:_made_before",
        "outbox/pins.py:pin",
    ),
    "counts without content, for staff or for what everybody is told": (
        "inbox/retention.py:would_go",
        "inbox/partings.py:consequences",
        "inbox/purging.py:_left",
        "web/mastodon/admin/trends.py:trending_tags",
        "web/mastodon/admin/trends.py:_links",
        "inbox/figures.py:_status_rows",
        "inbox/figures.py:by_link",
        "inbox/rhythm.py:_said",
        "inbox/rhythm.py:_answered",
        "inbox/figures.py:all_written",
        "inbox/figures.py:stayed",
        "inbox/figures.py:thanked",
        "maillage/commands.py:status_lines",
    ),
    "whether and whom to tell; what is told is read again by the predicate": (
        "inbox/disclosures.py:_roots",
        "inbox/disclosures.py:_concerned",
        "inbox/edits.py:tell_of_edit",
        "inbox/notification_policy.py:_FACTS",
        "inbox/notifications.py:_TELL",
        "inbox/poll_ends.py:polls_once",
        "inbox/push_messages.py:_SILENCED",
        "inbox/quote_notifications.py:notify_quoted",
        "inbox/quote_notifications.py:notify_quoters",
        "outbox/events.py:_announce_gone",
        "outbox/events.py:announce_erased",
    ),
    "two persons of staff opened it together, and who takes part is told": (
        "inbox/disclosures.py:_opened",
    ),
    "relates activities to each other, or keeps what is stored in order": (
        "inbox/holdings.py:_refused",
        "inbox/ledger.py:ask_back",
        "inbox/ledger.py:keep",
        "inbox/purging.py:_remove_some",
        "actors/addresses.py:held_status",
        "actors/deletion.py:_OWN",
        "actors/deletion.py:_bury_statuses",
        "actors/deletion.py:_count_down",
        "actors/deletion.py:_remove_audiences",
        "actors/deletion.py:_remove_statuses",
        "inbox/ancestors.py:Orphans.retry",
        "inbox/ancestors.py:_missing_parent",
        "inbox/comparisons.py:handed_over",
        "inbox/comparisons.py:held_uris",
        "inbox/reconciling.py:_knows_more",
        "inbox/handlers/add_remove.py:unpin",
        "inbox/handlers/quote_answers.py:_QUOTE",
        "inbox/handlers/undo.py:_end_boost",
        "inbox/handlers/undo.py:_undo_by_object",
        "inbox/quote_checks.py:_finish",
        "inbox/quote_checks.py:_quoted",
        "inbox/poll_refreshing.py:refresh_polls_once",
        "inbox/quote_checks.py:check_quotes_once",
        "outbox/card_loop.py:_look_up",
        "outbox/card_loop.py:_store",
        "outbox/card_loop.py:_tell",
        "outbox/conversations.py:drop_from_conversations",
        "outbox/edits.py:_change_text",
        "outbox/edits.py:edit",
        "outbox/interactions.py:find_boost",
        "outbox/quote_documents.py:stamp_of",
        "outbox/quotes.py:_status",
        "outbox/quotes.py:revoke",
        "outbox/quotes.py:settle",
        "outbox/received.py:_attach_replies",
        "outbox/received_quotes.py:judge",
        "outbox/received_quotes.py:store_quote",
        "outbox/search_index.py:index_statuses",
        "outbox/statuses.py:_insert",
        "outbox/statuses.py:by_uri",
        "inbox/retention.py:_end",
        "inbox/retention.py:retention_once",
        "outbox/statuses.py:take_back",
        "outbox/statuses.py:remove",
        "outbox/tallies.py:_send",
    ),
}
PACKAGES = ("actors", "federation", "inbox", "maillage", "outbox", "web")


def named(node: ast.AST) -> set[str]:
    """All names and attributes in a piece of code."""
    return {
        n.id if isinstance(n, ast.Name) else n.attr
        for n in ast.walk(node)
        if isinstance(n, ast.Name | ast.Attribute)
    }


def said(node: ast.AST) -> str:
    """All texts in a piece of code, the fixed parts of f-strings among them."""
    return " ".join(
        n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)
    )


def pieces(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.stmt]]:
    """Functions, methods and constants by name."""
    for node in body:
        match node:
            case ast.ClassDef():
                yield from pieces(node.body, f"{prefix}{node.name}.")
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield f"{prefix}{node.name}", node
            case (
                ast.Assign(targets=[ast.Name(id=name), *_])
                | ast.AnnAssign(target=ast.Name(id=name))
            ):
                yield f"{prefix}{name}", node
            case _:
                yield f"{prefix}-", node


def unasking(text: str) -> set[str]:
    """The pieces of a module that read the table of statuses and do not ask the predicate."""
    return {
        name
        for name, node in pieces(ast.parse(text).body)
        if READS.search(said(node)) and not named(node) & (ASKS | THROUGH)
    }


def test_whatever_reads_statuses_asks_who_may_see_them() -> None:
    found = {
        f"{path.relative_to(ROOT)}:{name}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for name in unasking(path.read_text())
    }
    excused = {name for names in EXCEPTIONS.values() for name in names}
    assert found - excused == set(), "ask outbox.visibility"
    assert excused - found == set(), "no longer needed"


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("async def a(db):\n    return await db.rows('SELECT * FROM status WHERE id = ?')", True),
        ("async def a(db, t):\n    return await db.rows(f'SELECT * FROM {t} JOIN status s')", True),
        ("SQL = 'SELECT 1 from status'", True),
        ("class A:\n    def b(self): return 'SELECT 1 FROM status'", True),
        ("def a(who):\n    c, _ = may_see_sql(who)\n    return f'SELECT 1 FROM status {c}'", False),
        ("SQL = 'SELECT 1 FROM status_tag'", False),
    ],
)
def test_the_scan_finds_what_it_is_for(text: str, caught: bool) -> None:
    assert bool(unasking(text)) == caught
