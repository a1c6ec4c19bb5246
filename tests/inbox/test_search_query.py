"""What a person types is read as words, phrases and operators, whatever it is."""

import pytest

from actors.words import fold, folded_words, name_words, stems_of
from inbox.search_query import Operator, Query, Term, day_ms, parse_query


def words(*texts: str, negated: bool = False) -> tuple[Term, ...]:
    return tuple(Term(stems=stems_of(text), negated=negated) for text in texts)


@pytest.mark.parametrize(
    ("text", "terms", "operators"),
    [
        ("réunion équipe", words("réunion", "équipe"), ()),
        ("l'équipe de nuit", words("équipe", "nuit"), ()),
        ("-nuit jour", (*words("nuit", negated=True), *words("jour")), ()),
        ('"équipe de nuit"', (Term(phrase=("equipe", "de", "nuit")),), ()),
        ('-"de nuit"', (Term(phrase=("de", "nuit"), negated=True),), ()),
        ("from:@ada nuit", words("nuit"), (Operator("from", "@ada"),)),
        ("-from:me", (), (Operator("from", "me", negated=True),)),
        ("HAS:media", (), (Operator("has", "media"),)),
        ("has:cake", words("cake"), ()),
        ("before:2026-02-30", words("before", "2026", "02", "30"), ()),
        ("during:2026-01-31", (), (Operator("during", "2026-01-31"),)),
        ("in:library language:fr", (), (Operator("in", "library"), Operator("language", "fr"))),
        ("de la", (), ()), ('""', (), ()), ("-", (), ()), ("' OR 1=1 --", words("1", "1"), ()),
    ],
)  # fmt: skip
def test_queries_are_read(
    text: str, terms: tuple[Term, ...], operators: tuple[Operator, ...]
) -> None:
    assert parse_query(text) == Query(terms, operators)


def test_a_query_that_only_refuses_asks_for_nothing() -> None:
    assert not parse_query("-nuit -from:me").asks_for_something
    assert parse_query("from:me -nuit").asks_for_something


def test_a_word_is_known_with_and_without_its_accents() -> None:
    for one, other in (("réunions", "reunion"), ("Équipes", "equipe"), ("santé", "sante")):
        assert set(stems_of(one.lower())) & set(stems_of(other))
    assert not set(stems_of("nuit")) & set(stems_of("jour"))
    assert stems_of("les") == ()
    assert fold("Œuvre À Noël") == "oeuvre a noel"
    assert folded_words("L’été, n°2") == ["l", "ete", "n", "2"]
    assert name_words("jl.martin", "Jean-Luc Noël") == (
        " jean-luc noel jl.martin jean luc jl martin"
    )


def test_days_are_those_of_the_calendar() -> None:
    assert day_ms("1970-01-02") == 86_400_000
    for wrong in ("2026-13-01", "x", "1969-01-01", "2026-01-01T00:00"):
        assert day_ms(wrong) is None
