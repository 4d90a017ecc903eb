"""Values as they may be shown: every password, token and key in them replaced by asterisks.

What looks like a secret is hidden: hiding too much costs a look at the file, hiding too little costs a password.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from alembic_manage.database import mask_text

HIDDEN = "********"

_SECRET_NAME = re.compile(
    r"pass(word|wd|phrase)?(?![a-z])|pwd|secret|token|key(?!word|board)|credential|signature", re.IGNORECASE
)
# name=value, also percent-encoded (odbc_connect=...PWD%3Dx%3B), up to what ends a value there.
_SECRET_PAIR = re.compile(
    r"(?P<name>[\w-]*(?:password|passwd|pwd|secret|token|key|credential|signature)[\w-]*(?:\s*=\s*|%3D))"
    r"(?P<value>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|(?:(?!%3B|%26)[^&;,\s)])+)",
    re.IGNORECASE,
)
_WHOLE_URL = re.compile(r"\s*[\w.+-]+://.*", re.DOTALL)
_EMBEDDED_URL = re.compile(r"[\w.+-]+://\S+")
# Of a web address the part before the @ is a secret even without a colon: https://TOKEN@host/.
_WEB_TOKEN = re.compile(r"(https?://)[^/@:\s]+@", re.IGNORECASE)


def redact(value: object, name: str = "") -> Any:
    """`value` without its secrets: the same dicts, lists and tuples, with other strings in them.

    Args:
        value: anything; an object of another kind becomes a `Shown` where its repr holds a secret.
        name: the setting or key under which it stands; one that looks like a secret's hides the whole value, except
            None, a bool and what is empty, so that "not set" stays visible.
    """
    return _redact(value, name, ())


class Shown:
    """An object that could not be copied without its secrets: only how it is shown is left."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def redact_text(text: str) -> str:
    """`text` without the passwords of URLs, malformed ones included, and of `password=...` pairs."""
    # A password may hold a blank: where the text as a whole is a URL, it is not taken apart at blanks.
    urls = _WHOLE_URL if _WHOLE_URL.match(text) else _EMBEDDED_URL
    return _SECRET_PAIR.sub(r"\g<name>***", urls.sub(lambda match: _redact_url(match[0]), text))


def _redact_url(text: str) -> str:
    scheme, _, rest = _WEB_TOKEN.sub(r"\1***@", text).partition("://")
    # Up to the last "@", because a password that was not escaped may hold one.
    account, at, address = rest.rpartition("@")
    user, colon, _ = account.partition(":")
    if at:
        return f"{scheme}://{user}{':***' * bool(colon)}@{address}"
    try:
        make_url(text)
    except (ArgumentError, ValueError):
        return mask_text(text)
    return text


def _redact(value: object, name: str, outer: tuple[int, ...]) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if _SECRET_NAME.search(name) and not _is_empty(value):
        return HIDDEN
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, int | float):
        return value
    if id(value) in outer:
        return Shown("...")
    return _redact_inside(value, name, (*outer, id(value)))


def _is_empty(value: object) -> bool:
    return isinstance(value, str | bytes | list | tuple | Mapping | Set) and not value


def _redact_inside(value: object, name: str, outer: tuple[int, ...]) -> Any:
    if isinstance(value, Mapping):
        return {_redact(key, "", outer): _redact(item, str(key), outer) for key, item in value.items()}
    if isinstance(value, URL):
        return Shown(repr(redact_text(value.render_as_string(hide_password=False))))
    if isinstance(value, list | tuple):
        names = getattr(value, "_fields", None) or [name] * len(value)
        items = [_redact(item, field, outer) for field, item in zip(names, value, strict=True)]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, Set):
        return {_redact(item, name, outer) for item in value}
    text = repr(value)
    shown = redact_text(text)
    return value if shown == text else Shown(shown)
