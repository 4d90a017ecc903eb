"""A statement in a few words, for people: what it does, and to which table; never its values."""

from __future__ import annotations

import re

from alembic_manage.sql.beginning import beginning

_NAME = r'(?:"(?:[^"]|"")+"|`[^`]+`|\w+)'
_PATH = rf"(?P<table>{_NAME}(?:\.{_NAME})*)"
_IF = "(?: IF(?: NOT)? EXISTS)?"
_FORMS = (
    (rf"CREATE( UNIQUE)? INDEX( CONCURRENTLY)?{_IF}(?: (?!ON\b){_NAME})? ON(?: ONLY)? {_PATH}", " on "),
    (rf"(CREATE|ALTER|DROP)(?: TEMPORARY| TEMP| UNLOGGED)? TABLE{_IF}(?: ONLY)? {_PATH}", " TABLE "),
    (rf"(TRUNCATE)(?: TABLE)?(?: ONLY)? {_PATH}", " "),
    (rf"(INSERT|REPLACE)(?: IGNORE| OR \w+)? INTO {_PATH}", " INTO "),
    (rf"(UPDATE)(?: ONLY)? {_PATH}", " "),
    (rf"(DELETE FROM)(?: ONLY)? {_PATH}", " "),
    (rf"(COPY) {_PATH}", " "),
    (rf"(SELECT)\b[^'$]*? FROM {_PATH}", " FROM "),
)
_PATTERNS = tuple((re.compile(form, re.IGNORECASE | re.DOTALL), between) for form, between in _FORMS)
_WORDS = re.compile(r"[A-Za-z_]\w*(?: [A-Za-z_]\w*){0,2}\b(?!')")
_SHOWN = 60


def headline(statement: str) -> str:
    """What a statement does, as "CREATE INDEX on orders"; of a form that is not known its first words.

    Strings, numbers and what comes after them are never shown: they may be secrets.
    """
    text = " ".join(beginning(statement)[:2000].split())
    for pattern, between in _PATTERNS:
        match = pattern.match(text)
        if match is not None:
            return _short(f"{_verb(match, text)}{between}{_plain(match['table'])}")
    words = _WORDS.match(text)
    return _short(words[0]) if words else "SQL"


def _verb(match: re.Match[str], text: str) -> str:
    """The words before the table; of an index with what kind it is."""
    if text[:6].upper() == "CREATE" and match.re is _PATTERNS[0][0]:
        return " ".join(["CREATE", *(["UNIQUE"] if match[1] else []), "INDEX", *(["CONCURRENTLY"] if match[2] else [])])
    return match[1].upper()


def _plain(path: str) -> str:
    return path.replace('"', "").replace("`", "")


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
