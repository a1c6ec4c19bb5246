"""What is read from right to left is marked, and nothing else is touched."""

from html import unescape

import pytest

from federation.directions import isolated, marked, paragraphs, reads_right
from web.translations import say

NAME, NUMBERED, MIXED = "ليلى حداد", "غرفة 12", "Dr ليلى حداد"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>Ada &amp; 3</p>", "<p>Ada &amp; 3</p>"),
        (f"<h1>{NAME}</h1>", f'<h1 dir="rtl">{NAME}</h1>'),
        (f"<td>{NUMBERED}</td>", f'<td dir="rtl">{NUMBERED}</td>'),
        # Among words of ours it is the name that is marked, with the figures that belong to it.
        (
            f"<p>{say('fr', 'post.quoted', name=NUMBERED)}</p>",
            f'<p>Message cité de <bdi dir="rtl">{NUMBERED}</bdi></p>',
        ),
        (f"<p>{MIXED}, 3 jours</p>", f'<p>Dr <bdi dir="rtl">{NAME}</bdi>, 3 jours</p>'),
        (f"<p>{NAME}<b>x</b></p>", f'<p><bdi dir="rtl">{NAME}</bdi><b>x</b></p>'),
        (f"<option>{NAME}</option>", f'<option dir="rtl">{NAME}</option>'),
        (f"<title>{MIXED}</title>", f"<title>{MIXED}</title>"),
        ("<textarea>\nא &lt;b&gt;</textarea>", '<textarea dir="rtl">\nא &lt;b&gt;</textarea>'),
        (f'<img alt="{NAME}">', f'<img alt="{NAME}" dir="rtl">'),
        (f'<img alt="{MIXED}">', f'<img alt="{MIXED}">'),
        # A landmark is not turned round by its name.
        (f'<ul aria-label="{NAME}"><li>x</li></ul>', f'<ul aria-label="{NAME}"><li>x</li></ul>'),
        # What says its direction already is left as it is, and what comes after it is not.
        (
            f'<p dir="rtl">{NAME} <a>{NAME}</a></p><b>{NAME}</b>',
            f'<p dir="rtl">{NAME} <a>{NAME}</a></p><b dir="rtl">{NAME}</b>',
        ),
        (f"<svg><text>{NAME}</text></svg>", f"<svg><text>{NAME}</text></svg>"),
        # A bracket in an attribute ends no tag.
        (f'<a title="a > b">{NAME}</a>', f'<a title="a > b" dir="rtl">{NAME}</a>'),
        (f"<!-- > {NAME} --><i>{NAME}</i>", f'<!-- > {NAME} --><i dir="rtl">{NAME}</i>'),
    ],
)
def test_each_text_from_right_to_left_stands_in_an_element_that_says_so(
    page: str, expected: str
) -> None:
    assert marked(page) == expected
    assert marked(marked(page)) == expected


def test_paragraphs_have_the_direction_of_their_author() -> None:
    assert paragraphs("<p>Bonjour</p>", "fr") == "<p>Bonjour</p>"
    assert paragraphs(f"<p>{NAME}</p><p>ok</p>", None) == f'<p dir="rtl">{NAME}</p><p>ok</p>'
    # One that begins with a Latin word is Arabic all the same if its author says so.
    mixed = f'<p class="x"><a href="/">Maillage</a> {NAME}</p>'
    assert paragraphs(mixed, "fr") == mixed
    assert paragraphs(mixed, "ar-MA") == mixed.replace('class="x"', 'class="x" dir="rtl"')
    assert paragraphs(f"{NAME} <b>x</b>", "ar") == f'<p dir="rtl">{NAME} <b>x</b></p>'
    lines = f"<ul><li>{NAME}</li><li>x</li></ul>"
    assert paragraphs(lines, None) == f'<ul><li dir="rtl">{NAME}</li><li>x</li></ul>'


def test_a_name_is_kept_apart_only_where_it_must_be() -> None:
    assert isolated("Ada") == "Ada"
    assert say("fr", "post.quoted", name="Ada") == "Message cité de Ada"
    assert isolated(NAME) == f"\u2068{NAME}\u2069"
    assert not reads_right(isolated(NAME) + " vous suit")
    assert reads_right(NUMBERED)
    assert not reads_right("12, !")
    assert unescape(marked(f"<p>{isolated(NAME)} vous suit</p>")) == (
        f'<p><bdi dir="rtl">{NAME}</bdi> vous suit</p>'
    )
