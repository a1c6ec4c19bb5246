"""Forms filled in anew: what was typed stands in the form it came from, and nowhere else."""

import re
from pathlib import Path

from web.pages.filling import filled
from web.pages.onward import NEVER_KEPT, pages_of

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"
PAGE = """<main class="page"><form action="/a?lang=fr" method="post">
<input type="hidden" name="id" value="1"><input name="word" value="old &quot;one&quot;">
<textarea name="text">\nold</textarea>
<details><summary>More</summary><input name="more" value=""></details>
<details><summary>Else</summary><input type="password" name="secret" value=""></details>
<input type="checkbox" name="box" value="1" checked><input type="checkbox" name="days[]" value="2">
<input type="radio" name="kind" value="x" checked><input type="radio" name="kind" value="y">
<select name="for"><option value="6" selected>6</option><option value="12">12</option></select>
<button name="do" value="save">Save</button></form>
<input name="far" value="" form="b">
<form action="/a" method="post" id="b"><input type="hidden" name="id" value="2"><input name="word">
<button name="do" value="save">Save</button><button name="do" value="add">Add</button></form>
<form action="/b" method="post"><input name="word"></form></main>"""


def test_each_kind_of_field_gets_what_was_typed_into_it() -> None:
    typed = [("id", "1"), ("do", "save"), ("word", 'a "b" <c>&'), ("text", "l'un\nl'autre <b>"),
             ("more", "plus"), ("secret", "geheim"), ("days[]", "2"), ("kind", "y"),
             ("for", "12")]  # fmt: skip
    page, lost = filled(PAGE, "/a", typed)
    first, second = page.partition("</form>")[::2]
    assert 'name="word" value="a &quot;b&quot; &lt;c&gt;&amp;"' in first
    assert '<textarea name="text">\nl&#x27;un\nl&#x27;autre &lt;b&gt;</textarea>' in first
    assert '<details open><summary>More</summary><input name="more" value="plus">' in first
    assert '<details><summary>Else</summary><input type="password" name="secret" value="">' in first
    assert 'name="box" value="1">' in first
    assert 'name="days[]" value="2" checked>' in first
    assert 'value="x"><input type="radio" name="kind" value="y" checked>' in first
    assert '<option value="6">6</option><option value="12" selected>' in first
    assert second == PAGE.partition("</form>")[2]
    assert "geheim" not in page
    assert lost == []


def test_a_form_about_something_else_gets_nothing() -> None:
    # Another thing, a button that is not there, another address.
    for path, fields in (
        ("/a", [("id", "3"), ("word", "un mot")]),
        ("/a", [("id", "2"), ("do", "drop"), ("word", "un mot")]),
        ("/c", [("word", "un mot")]),
    ):
        page, lost = filled(PAGE, path, fields)
        assert (page, lost) == (PAGE, ["un mot"])
    page, lost = filled(PAGE, "/a?x=1", [("id", "2"), ("do", "add"), ("word", "un mot")])
    assert page.partition("</form>")[0] == PAGE.partition("</form>")[0]
    assert '<input name="word" value="un mot">' in page
    assert lost == []
    # A field may name its form from outside; one that has gone hands back what was said in words.
    page, lost = filled(
        PAGE, "/a", [("id", "2"), ("far", "loin"), ("gone", "Un texte"), ("mode", "all")]
    )
    assert '<input name="far" form="b" value="loin">' in page
    assert lost == ["Un texte"]


def test_every_secret_field_of_a_page_is_known_by_its_name() -> None:
    found: set[str] = set()
    for file in TEMPLATES.glob("*.html"):
        for tag in re.findall(r"<(?:input|textarea)\b.*?>", file.read_text()):
            name = re.search(r'\sname="([^"]+)"', tag)
            is_secret = re.search(r'type="password"|one-time-code|class="in code"', tag)
            if name and is_secret:
                found.add(name[1])
    assert found == {"code", "current", "password"}
    assert found < NEVER_KEPT


def test_a_form_is_looked_for_where_it_was_sent_to_and_above() -> None:
    assert pages_of("/staff/reports/5/disclosure") == [
        "/staff/reports/5/disclosure", "/staff/reports/5", "/staff/reports", "/staff", "/",
    ]  # fmt: skip
    assert pages_of("/act", [("back", "/home?max_id=3")]) == ["/home?max_id=3", "/"]
    assert pages_of("/act", [("back", "https://evil.example/")]) == ["/"]
    assert pages_of("/welcome?step=3") == ["/welcome?step=3", "/welcome", "/"]
