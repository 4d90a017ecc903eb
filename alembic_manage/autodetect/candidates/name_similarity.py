"""How likely two names mean the same thing, by their words."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from functools import cache

from alembic_manage.autodetect.candidates.vocabulary import FILLERS, FULL_WORDS, SYNONYMS

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_FILLER_WEIGHT = 0.35
_SPELLING = 0.75
"""Below it, two spellings are two words."""


@cache
def similarity(old: str, new: str, context: str = "") -> float:
    """From 0 (nothing in common) to 1 (the same but for the way of writing).

    Args:
        old: a name.
        new: another one.
        context: the name of the table, which often stands before or after the names in it.
    """
    surroundings = frozenset(words(context))
    by_words = max(
        _overlap(words(old), words(new)),
        0.95 * _overlap(_without(words(old), surroundings), _without(words(new), surroundings)),
    )
    letters = _ratio(_letters(old), _letters(new))
    return max(by_words, 0.9 * letters if letters >= _SPELLING else 0.4 * letters)


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of a name in snake_case or camelCase: lower case, singular, abbreviations in full."""
    return tuple(_in_full(_singular(found.lower())) for found in _WORD.findall(name))


def is_key(name: str) -> bool:
    """Whether a name says that it is a key of something: "user_id"."""
    return words(name)[-1:] == ("id",)


def _in_full(word: str) -> str:
    return FULL_WORDS.get(word, word)


def _singular(word: str) -> str:
    if word in FULL_WORDS or len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes", "uses")):
        return word[:-2]
    return word.removesuffix("s")


def _without(names: Sequence[str], surroundings: Collection[str]) -> tuple[str, ...]:
    """The words that are not the table's; all of them where nothing else is left."""
    return tuple(word for word in names if word not in surroundings) or tuple(names)


def _overlap(old: Sequence[str], new: Sequence[str]) -> float:
    """Which part of the words of both has a word like it on the other side; fillers count for less."""
    total = sum(map(_weight, old)) + sum(map(_weight, new))
    if not total:
        return 0.0
    shared = sum(_weight(word) * max((_alike(word, other) for other in new), default=0) for word in old)
    shared += sum(_weight(word) * max((_alike(word, other) for other in old), default=0) for word in new)
    return shared / total


def _weight(word: str) -> float:
    return _FILLER_WEIGHT if word in FILLERS else 1.0


@cache
def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if any(one in group and other in group for group in SYNONYMS):
        return 0.85
    ratio = _ratio(one, other)
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) >= 3 and longer.startswith(shorter):
        return max(ratio, 0.8)
    if len(shorter) >= 4 and longer.endswith(shorter):
        return max(ratio, 0.7)
    return ratio if ratio >= _SPELLING and one not in FILLERS and other not in FILLERS else 0.0


def _ratio(one: str, other: str) -> float:
    # In one order: the matcher's answer depends on it.
    first, second = sorted((one, other))
    return SequenceMatcher(None, first, second).ratio()


def _letters(name: str) -> str:
    return "".join(_WORD.findall(name)).lower()
