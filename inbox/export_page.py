"""The page of a copy: all that is in the archive, for people to read without a network.

One HTML page in her language, with headings, tables and marks of language and direction; what she
attached is linked in the archive itself. It holds no script and loads nothing.
"""

import csv
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from html import escape
from io import StringIO
from typing import Any

import orjson

from actors.documents import actor_document
from federation.activity import iso
from federation.database import Row
from federation.directions import marked, paragraphs
from federation.node import Node
from federation.vocabulary import Document
from inbox.export_access import access_log
from inbox.export_documents import Written, addressed, edits, filters, published
from inbox.export_tables import tables
from inbox.export_texts import AUDIENCES, COLUMNS, HEADED, SECTIONS, WORDS, Language
from outbox.visibility import Person

STYLE = (
    "body{max-width:45rem;margin:auto;padding:1rem;font:1.05rem/1.5 sans-serif;"
    "overflow-wrap:anywhere}article,section{border-top:1px solid;margin-top:1.5rem}"
    "table{border-collapse:collapse}th,td{text-align:start;vertical-align:top;padding:.2rem .6rem;"
    "border:1px solid}caption{text-align:start;font-weight:bold;padding:.5rem 0}"
    "dt{font-weight:bold}"
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"


class _Words:
    """The words of the page in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._place = 1 if language == "en" else 0

    def __call__(self, key: str) -> str:
        """A word of ours; what has none is a name in the code, shown as it is."""
        return WORDS[key][self._place] if key in WORDS else key

    def value(self, value: object) -> str:
        """A value as people read it."""
        match value:
            case None | "":
                return self("nothing")
            case bool():
                return self("yes" if value else "no")
            case list():
                return ", ".join(self.value(one) for one in value) or self("nothing")
            case dict():
                return orjson.dumps(value).decode()
            case _:
                return {"true": self("yes"), "false": self("no")}.get(str(value), str(value))


async def page(node: Node, actor: Row, reader: Person, language: Language) -> AsyncIterator[bytes]:
    """The page piece by piece, each of them whole elements."""
    words = _Words(language)
    yield _head(words, node, actor)
    yield _bytes(_profile(words, await actor_document(node, actor)))
    for name, items in (
        ("posts", published(node, actor, reader)),
        ("received", addressed(node, actor, reader)),
        ("edits", edits(node, actor)),
    ):
        yield _bytes(_begin(words, name))
        number = 0
        async for written in items:
            number += 1
            yield _bytes(_text(words, written, f"{name}-{number}"))
        yield _bytes((f"<p>{words('nothing')}</p>" if not number else "") + "</section>")
    yield _bytes(_begin(words, "tables"))
    async for name, content in tables(node, actor, reader):
        if name in COLUMNS:
            yield _bytes(_csv(words, name, content))
        else:
            yield _bytes(_records(words, "drafts", orjson.loads(content)))
    yield _bytes(_records(words, "filters", await filters(node, actor["id"])))
    yield _bytes("</section>" + _begin(words, "access"))
    for name, found in (await access_log(node, actor)).items():
        yield _bytes(_records(words, name, [found] if isinstance(found, Mapping) else list(found)))
    yield b"</section></main></body></html>\n"


def _bytes(html: str) -> bytes:
    return f"{marked(html)}\n".encode()


def _head(words: _Words, node: Node, actor: Row) -> bytes:
    title = escape(words("title").format(account=actor["username"], site=node.name))
    links = "".join(f'<li><a href="#{name}">{words(name)}</a></li>' for name in SECTIONS)
    made = words("made").format(day=iso(node.clock())[:10])
    return _bytes(
        f'<!doctype html>\n<html lang="{words.language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body><main><h1>{title}</h1>"
        f'<p>{made}</p><nav aria-label="{words("contents")}"><ul>{links}</ul></nav>'
    )


def _begin(words: _Words, name: str) -> str:
    return f'<section aria-labelledby="{name}"><h2 id="{name}">{words(name)}</h2>'


def _profile(words: _Words, document: Document) -> str:
    """Who she is; her own words are HTML that was made safe when she sent it."""
    lines = [
        (words("name"), escape(document.get("name") or "")),
        (words("address"), escape(document["id"])),
        (words("about"), paragraphs(document.get("summary") or "", None)),
    ]
    lines += [
        (escape(one["name"]), paragraphs(one["value"], None)) for one in document["attachment"]
    ]
    for name in ("icon", "image"):
        if name in document:
            file = "pictures/" + document[name]["url"].rpartition("/")[2]
            lines.append((words(name), _link(file, document[name].get("name") or words("file"))))
    return _begin(words, "profile") + _list(lines) + "</section>"


def _list(lines: Iterable[tuple[str, str]]) -> str:
    told = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in lines if value)
    return f"<dl>{told}</dl>"


def _link(address: str, text: str) -> str:
    safe = address.startswith(("https://", "http://", "media/", "pictures/"))
    return f'<a href="{escape(address)}">{escape(text)}</a>' if safe else escape(text)


def _text(words: _Words, written: Written, place: str) -> str:
    """One text: when, for whom or by whom, what it says, and what goes with it."""
    row, document = written
    passed_on = document.get("type") == "Announce"
    note: Document = {} if passed_on else document.get("object", document)
    day = str(document.get("published") or document.get("from"))[:16].replace("T", " ")
    if passed_on:
        who = words("passed_on")
    elif "from" in document:
        who = words("former")
    else:
        who = note.get("name") or words(AUDIENCES[row["audience_kind"]])
    title = escape(f"{day} – {who}")
    parts = [f'<article aria-labelledby="{place}"><h3 id="{place}">{title}</h3>']
    said = f' lang="{escape(row["language"])}"' if row["language"] else ""
    if note.get("summary"):
        parts.append(
            f"<p><b>{words('warning')}</b> <span{said}>{escape(note['summary'])}</span></p>"
        )
    if note.get("content"):
        parts.append(f"<div{said}>{paragraphs(note['content'], row['language'])}</div>")
    options = [one["name"] for one in note.get("oneOf") or note.get("anyOf") or ()]
    if options:
        items = "".join(f"<li{said}>{escape(one)}</li>" for one in options)
        parts.append(f"<p>{words('poll')}</p><ul>{items}</ul>")
    files = [_file(words, one, said) for one in note.get("attachment") or ()]
    if files:
        parts.append(f"<p>{words('files')}</p><ul>{''.join(files)}</ul>")
    original = document["object"] if passed_on else note["id"]
    parts.append(f"<p>{words('address')} {_link(original, original)}</p>")
    if note.get("inReplyTo"):
        parts.append(f"<p>{words('answers')} {_link(note['inReplyTo'], note['inReplyTo'])}</p>")
    return "".join(parts) + "</article>"


def _file(words: _Words, file: Document, said: str) -> str:
    text = file.get("name")
    link = _link(file["url"], text or words("file"))
    return f"<li{said if text else ''}>{link} ({escape(file['mediaType'])})</li>"


def _csv(words: _Words, name: str, content: bytes) -> str:
    lines = list(csv.reader(StringIO(content.decode())))
    return _table(words, name, COLUMNS[name], lines[1:] if name in HEADED else lines)


def _records(words: _Words, name: str, found: Sequence[Mapping[str, Any]]) -> str:
    columns = list(dict.fromkeys(key for one in found for key in one))
    return _table(words, name, columns, [[one.get(key) for key in columns] for one in found])


def _table(
    words: _Words, name: str, columns: Sequence[str], lines: Sequence[Sequence[object]]
) -> str:
    title = words(name)
    if not lines:
        return f"<h3>{title}</h3><p>{words('nothing')}</p>"
    head = "".join(f'<th scope="col">{escape(words(one))}</th>' for one in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(words.value(one))}</td>" for one in line) + "</tr>"
        for line in lines
    )
    return (
        f"<h3>{title}</h3><table><caption>{title} ({len(lines)})</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
