"""Words as search compares them: folded (no accents, no case), and their French stems.

Both databases store what is made here, so both answer alike. A word is known by the stem of
what was written and by the stem of its bare letters, so that whoever types no accents finds
as much; words of other languages simply keep more of their ending.
"""

import re
import unicodedata
from functools import lru_cache

from Stemmer import Stemmer

WORDS_MAX = 3_000
WORD_CHARACTERS_MAX = 60

_WORD = re.compile(r"[^\W_]+")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})
# Words that nearly every French or English text has: they tell nothing about it.
_COMMON = """
a au aux avec c ce ces d dans de des du elle elles en est et eux il ils j je l la le les leur
leurs lui m ma mais me meme mes moi mon n ne nos notre nous on ont ou par pas pour qu que qui
s sa se ses son sont sur t ta te tes toi ton tu un une vos votre vous y
an and are as at be by for from has in is it of or that the this to was with
"""
_EVERYWHERE = frozenset(_COMMON.split())
_stemmer = Stemmer("french")


def fold(text: str) -> str:
    """Return text without case, accents and ligatures."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    spread = unicodedata.normalize("NFKD", lowered.translate(_LIGATURES))
    return "".join(c for c in spread if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order, as written; bounded in number and length."""
    composed = unicodedata.normalize("NFKC", text).lower()
    return [word[:WORD_CHARACTERS_MAX] for word in _WORD.findall(composed)[:WORDS_MAX]]


def folded_words(text: str) -> list[str]:
    """Return the folded words of a text in their order."""
    return [part for word in words_of(text) for part in _known(word)[0]]


def stems_of(word: str) -> tuple[str, ...]:
    """Return the folded stems by which a word is known; none for words that tell nothing."""
    return _known(word)[1]


def words_and_stems(text: str) -> tuple[list[str], list[str]]:
    """Return the folded words of a text in their order, and each stem of them once."""
    known = [_known(word) for word in words_of(text)]
    stems = dict.fromkeys(stem for _, stems in known for stem in stems)
    return [part for folded, _ in known for part in folded], list(stems)


# People write the same words again and again.
@lru_cache(maxsize=50_000)
def _known(word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    bare = fold(word)
    folded = tuple(_WORD.findall(bare))
    if bare in _EVERYWHERE or folded != (bare,):
        return folded, ()
    stems = (fold(_stemmer.stemWord(word)), _stemmer.stemWord(bare))
    return folded, tuple(dict.fromkeys(stem for stem in stems if _WORD.fullmatch(stem)))


def name_words(username: str, display_name: str) -> str:
    """Return what an actor's names are searched by: folded words, a space before each."""
    whole = [*fold(display_name).split(), fold(username)]
    parts = [*folded_words(display_name), *folded_words(username)]
    return "".join(f" {word}" for word in dict.fromkeys([*whole, *parts]))
