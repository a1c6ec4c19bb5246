"""Text to HTML: everything is escaped, and only handles, tags and links become markup."""

import re
import time

from hypothesis import given
from hypothesis import strategies as st

from outbox.compose import Mentioned, compose, fold_tag, handles

CLAIRE = Mentioned(1, "https://roses.example/users/1", "https://roses.example/@claire", "claire")
KNOWN = {"claire": CLAIRE, "claire@roses.example": CLAIRE}
TAGS = "https://roses.example/tags/{}"


def render(text: str) -> str:
    return compose(text, KNOWN, TAGS).html


def test_markup_is_escaped_and_line_breaks_kept() -> None:
    html = render("Bonjour <script>alert(1)</script> & bonsoir\nligne deux\n\nparagraphe")
    assert html == (
        "<p>Bonjour &lt;script&gt;alert(1)&lt;/script&gt; &amp; bonsoir<br>ligne deux</p>"
        "<p>paragraphe</p>"
    )


def test_known_handles_become_mentions_and_unknown_ones_stay_text() -> None:
    composed = compose("@claire et @Claire@roses.example, @inconnu aussi", KNOWN, TAGS)
    assert composed.mentions == (CLAIRE,)
    assert composed.html.count('class="u-url mention"') == 2
    assert "@inconnu aussi" in composed.html
    assert handles("écrire à a@roses.example") == [], "a mail address names nobody"
    assert handles("(@claire), @C.Martin@valmont.example:8443.") == [
        "claire",
        "c.martin@valmont.example:8443",
    ]


def test_tags_are_folded_once_and_numbers_are_no_tags() -> None:
    composed = compose("#Réunion #réunion et #2026", KNOWN, TAGS)
    assert composed.tags == ("réunion",)
    assert "#2026" in composed.html
    assert 'href="https://roses.example/tags/r%C3%A9union"' in composed.html
    assert fold_tag("#ABC") == "abc"


def test_links_keep_the_real_host_in_sight_and_leave_punctuation_out() -> None:
    html = render("voir https://valmont.example/un/chemin/assez/long/pour/etre/replie.")
    assert 'href="https://valmont.example/un/chemin/assez/long/pour/etre/replie"' in html
    assert '<span class="ellipsis">valmont.example/un/chemin/asse</span>' in html
    assert html.endswith("</a>.</p>")
    assert render('https://x.example/"onclick=1').count("<a ") == 1
    assert 'href="https://x.example/"' in render('https://x.example/"onclick=1')


@given(st.text(max_size=400))
def test_nothing_typed_becomes_a_tag_of_its_own(text: str) -> None:
    html = render(text)
    assert set(re.findall(r"</?([a-zA-Z!?][a-z0-9]*)", html)) <= {"p", "br", "a", "span"}
    assert "<script" not in html.lower()


def test_no_pattern_takes_long_on_hostile_text() -> None:
    for hostile in ("@" * 20_000, "@a." * 8_000, "#" * 20_000, "https://" * 4_000, "a@" * 10_000):
        started = time.process_time()
        render(hostile)
        assert time.process_time() - started < 2, hostile[:8]
