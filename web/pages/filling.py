"""Forms of our own pages, filled in anew with what was typed: by the names of their fields alone.

One hook for every form there is: the page is drawn as for anybody who opens it, then what was
typed is put into the form that it was typed into. What found no place there is handed back.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape, unescape

from federation.elements import element_of, pieces_of

Pairs = Iterable[tuple[str, str]]

_ATTRIBUTE = re.compile(r"\s([a-zA-Z][\w-]*)(?:=\"([^\"]*)\")?")
_KINDS = {"input": "text", "textarea": "text", "select": "select", "button": "submit"}
_TYPED = frozenset(("text", "search", "email", "url", "tel", "number", "date", "time"))
_TICKED = frozenset(("checkbox", "radio"))
# Hidden fields that are new each time the page is drawn; any other says what the form is about.
_OFTEN_NEW = frozenset(("form_token", "key", "version", "back", "next"))
# What a choice sends; whatever else somebody wrote in words.
_CODE = re.compile(r"[a-z0-9_.:-]*")


@dataclass(slots=True)
class _Field:
    at: int
    kind: str
    given: dict[str, str]
    details: list[int]
    options: list[int] = field(default_factory=list[int])

    @property
    def name(self) -> str:
        return self.given.get("name", "")

    @property
    def value(self) -> str:
        return self.given.get("value", "on" if self.kind in _TICKED else "")


@dataclass(slots=True)
class _Form:
    given: dict[str, str]
    fields: list[_Field] = field(default_factory=list[_Field])

    def likeness(self, path: str, typed: dict[str, list[str]]) -> int:
        """In how many fields it is the form that was sent to `path`; 0 when it is another."""
        action = self.given.get("action", "").partition("?")[0]
        if self.given.get("method") != "post" or action != path.partition("?")[0]:
            return 0
        deeds = {one.value for one in self.fields if one.name == "do"}
        if deeds and deeds.isdisjoint(typed.get("do", deeds)):
            return 0
        for one in self.fields:
            is_telling = one.kind == "hidden" and one.name not in _OFTEN_NEW
            if is_telling and one.value not in typed.get(one.name, [one.value]):
                return 0
        shown = {one.name for one in self.fields if one.kind not in ("hidden", "submit")}
        return len(shown & typed.keys())


def filled(page: str, path: str, fields: Pairs) -> tuple[str, list[str]]:
    """The page with its form for `path` as it was typed, and the texts that found no place.

    Nothing is put into fields for passwords and files, nor into hidden ones.
    """
    typed: dict[str, list[str]] = {}
    for name, value in fields:
        typed.setdefault(name, []).append(value)
    pieces = pieces_of(page)
    forms = _Reader(pieces).forms
    best = max(forms, key=lambda form: form.likeness(path, typed), default=None)
    if best is not None and best.likeness(path, typed):
        for one in best.fields:
            if _fill(pieces, one, typed):
                for at in one.details:
                    pieces[at] = _with(pieces[at], "open", "")
        for one in best.fields:
            if one.kind not in _TYPED:
                typed.pop(one.name, None)
    lost = [text for texts in typed.values() for text in texts if not _CODE.fullmatch(text)]
    return "".join(pieces), lost


class _Reader:
    """Finds the forms of a page and their fields, also those that name their form."""

    def __init__(self, pieces: list[str]) -> None:
        self.forms: list[_Form] = []
        self._form: _Form | None = None
        self._details: list[int] = []
        self._fields: list[_Field] = []
        for at in range(1, len(pieces), 2):
            closing, name = element_of(pieces[at])
            if closing:
                self._end(name)
            else:
                self._start(at, name, _given(pieces[at]))
        named = {form.given["id"]: form for form in self.forms if "id" in form.given}
        for one in self._fields:
            form = named.get(one.given.get("form", ""))
            if form is not None:
                form.fields.append(one)

    def _start(self, at: int, name: str, given: dict[str, str]) -> None:
        if name == "form":
            self._form = _Form(given)
            self.forms.append(self._form)
        elif name == "details":
            self._details.append(at)
        elif name == "option" and self._fields:
            self._fields[-1].options.append(at)
        elif name in _KINDS:
            kind = given.get("type", "text") if name == "input" else _KINDS[name]
            one = _Field(at, kind, given, [*self._details])
            self._fields.append(one)
            if "form" not in given and self._form is not None:
                self._form.fields.append(one)

    def _end(self, name: str) -> None:
        if name == "form":
            self._form = None
        elif name == "details":
            self._details.pop()


def _given(tag: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag)}


def _fill(pieces: list[str], one: _Field, typed: dict[str, list[str]]) -> bool:
    """Put into a field what was typed; whether something stands in it now."""
    texts = typed.get(one.name, [])
    if one.kind in _TYPED and texts:
        text = texts.pop(0)
        if pieces[one.at].startswith("<textarea"):
            pieces[one.at + 1] = "\n" + escape(text)
        else:
            pieces[one.at] = _with(pieces[one.at], "value", text)
        return bool(text)
    if one.kind in _TICKED and (texts or one.kind == "checkbox"):
        tag = _without(pieces[one.at], "checked")
        pieces[one.at] = _with(tag, "checked", "") if one.value in texts else tag
        return one.value in texts
    if one.kind == "select" and any(_given(pieces[at]).get("value") in texts for at in one.options):
        for at in one.options:
            tag = _without(pieces[at], "selected")
            is_it = _given(tag).get("value") in texts
            pieces[at] = _with(tag, "selected", "") if is_it else tag
        return True
    return False


def _without(tag: str, name: str) -> str:
    return _ATTRIBUTE.sub(lambda match: "" if match[1] == name else match[0], tag)


def _with(tag: str, name: str, value: str) -> str:
    attribute = f' {name}="{escape(value)}"' if value or name == "value" else f" {name}"
    return _without(tag, name).removesuffix(">") + attribute + ">"
