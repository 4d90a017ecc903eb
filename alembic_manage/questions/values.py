"""A value for rows that are there already, from what a person typed: a literal, or a function that is known by name.

Nothing is evaluated, and nothing that was typed reaches SQL but as a literal, a number or a name from a list.
"""

from __future__ import annotations

import datetime
import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from alembic_manage.dialects import Dialect
from alembic_manage.questions.answer import Value
from alembic_manage.questions.column_kind import ColumnKind, Kind, kind_of
from alembic_manage.sql.tokens import Token, TokenKind, tokens_of


class ValueProblem(ValueError):
    """What was typed is no value for the column; the text says why, in one sentence."""


def parse_value(typed: str, type_text: str, rules: Dialect) -> Value:
    """The SQL of what a person typed for a column of a type.

    Args:
        typed: a number, a text with or without quotes, true, false, null, a date, JSON; or a function: "now()".
        type_text: the column's type as SQL.
        rules: of the database that the SQL is for.

    Raises:
        ValueProblem: it does not fit the type, is no single literal, or calls what is not known.
    """
    text = typed.strip()
    if text.upper() == "NULL":
        return Value("NULL")
    column = kind_of(type_text)
    called = _call(text, column, type_text, rules)
    if called is not None:
        return Value(called)
    try:
        return Value(_LITERALS[column.kind](_unquoted(text, column.kind), column, rules))
    except ValueProblem:
        raise
    except (ValueError, ArithmeticError):
        raise ValueProblem(f"{text or 'Nothing'} is no {type_text}.") from None


def value_of(type_text: str, example: str) -> str:
    """What is to be typed: "a value of INTEGER, such as 0"."""
    shown = example or "''"
    return f"a value of {type_text}, such as {shown}"


def _unquoted(text: str, kind: Kind) -> str:
    """A text without its quotes; JSON keeps double quotes, which are its own."""
    if len(text) >= 2 and text[0] == text[-1] and text[0] in ("'" if kind is Kind.JSON else "'\""):
        inner = text[1:-1]
        if text[0] in inner.replace(text[0] * 2, ""):
            raise ValueProblem(f"In {text} a quote inside of the text must be doubled.")
        return inner.replace(text[0] * 2, text[0])
    return text


# Functions


def _call(text: str, column: ColumnKind, type_text: str, rules: Dialect) -> str | None:
    """The SQL of a function; None where the text is no call of one."""
    match = re.fullmatch(r"([A-Za-z_]\w*)(?:\((.*)\))?", text, flags=re.DOTALL)
    if match is None:
        return None
    name, arguments = match[1].lower(), match[2]
    known = rules.value_words if arguments is None else rules.value_functions
    if name not in known:
        if arguments is None:
            return None
        quotes = " To mean the text, put it in quotes." if column.kind is Kind.TEXT else ""
        raise ValueProblem(
            f"{name}() is not known as a function of {rules.title}: use {_list(rules, column.kind)}.{quotes}"
        )
    if not _fits(known[name], column.kind):
        raise ValueProblem(f"{text} gives a {known[name]}, which is no {type_text}.")
    return name if arguments is None else f"{name}({', '.join(_arguments(arguments, text, rules))})"


def _fits(gives: str, kind: Kind) -> bool:
    return gives == "any" or kind in (Kind.TEXT, Kind.OTHER) or kind in _TAKES[gives]


_TAKES: Mapping[str, tuple[Kind, ...]] = {
    "timestamp": (Kind.TIMESTAMP, Kind.DATE, Kind.TIME),
    "date": (Kind.DATE, Kind.TIMESTAMP),
    "time": (Kind.TIME,),
    "number": (Kind.INTEGER, Kind.NUMBER),
    "uuid": (Kind.UUID,),
    "json": (Kind.JSON,),
    "bytes": (Kind.BYTES,),
    "text": (),
}


def _list(rules: Dialect, kind: Kind) -> str:
    """What fits the column of that which is known."""
    words = sorted(name for name, gives in rules.value_words.items() if _fits(gives, kind))
    functions = sorted(f"{name}()" for name, gives in rules.value_functions.items() if _fits(gives, kind))
    return ", ".join([*words, *functions]) or "a literal"


def _arguments(text: str, call: str, rules: Dialect) -> Iterator[str]:
    """The SQL of each argument, which must be a literal."""
    one: list[Token] = []
    for token in [*tokens_of(text, rules), Token(TokenKind.SYMBOL, ",", len(text), len(text))]:
        if token.text != ",":
            one.append(token)
        elif one or token.start < len(text) or "," in text:
            yield _argument(one, call, rules)
            one = []


def _argument(tokens: list[Token], call: str, rules: Dialect) -> str:
    sign = ""
    if len(tokens) == 2 and tokens[0].text in "+-" and tokens[1].kind is TokenKind.NUMBER:
        sign, tokens = tokens[0].text, tokens[1:]
    if len(tokens) == 1:
        token = tokens[0]
        if token.kind is TokenKind.NUMBER:
            return sign + token.text
        if token.kind is TokenKind.STRING and token.text[0] in "'\"":
            return rules.text_literal(token.value)
        if token.keyword in ("TRUE", "FALSE", "NULL"):
            return "NULL" if token.keyword == "NULL" else rules.boolean_literals[token.keyword == "TRUE"]
    raise ValueProblem(f"In {call} an argument is no literal: only numbers, 'texts', true, false and null are.")


# Literals


def _integer(text: str, column: ColumnKind, rules: Dialect) -> str:
    if not re.fullmatch(r"[+-]?\d+", text):
        raise ValueError(text)
    number = int(text)
    if column.bits is not None and not rules.has_free_type_names:
        low = 0 if column.is_unsigned else -(2 ** (column.bits - 1))
        if not low <= number < low + 2**column.bits:
            raise ValueProblem(f"{text} is outside of {low} to {low + 2**column.bits - 1}.")
    return str(number)


def _number(text: str, column: ColumnKind, rules: Dialect) -> str:
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", text):
        raise ValueError(text)
    if len(column.arguments) == 2:
        precision, scale = column.arguments
        if abs(Decimal(text)) >= 10 ** (precision - scale):
            raise ValueProblem(f"{text} has more than {precision - scale} digits before the point.")
    return text


def _boolean(text: str, column: ColumnKind, rules: Dialect) -> str:
    values = {"true": True, "false": False, "1": True, "0": False}
    if text.lower() not in values:
        raise ValueProblem(f"{text or 'Nothing'} is neither true nor false.")
    return rules.boolean_words[values[text.lower()]]


def _text(text: str, column: ColumnKind, rules: Dialect) -> str:
    if column.labels and text not in column.labels:
        raise ValueProblem(f"{text or 'Nothing'} is none of {', '.join(column.labels)}.")
    if column.arguments and len(text) > column.arguments[0]:
        raise ValueProblem(f"The text has {len(text)} characters, and the column takes {column.arguments[0]}.")
    return rules.text_literal(text)


def _date(text: str, column: ColumnKind, rules: Dialect) -> str:
    return rules.text_literal(datetime.date.fromisoformat(text).isoformat())


def _time(text: str, column: ColumnKind, rules: Dialect) -> str:
    return rules.text_literal(datetime.time.fromisoformat(text).isoformat())


def _timestamp(text: str, column: ColumnKind, rules: Dialect) -> str:
    found = datetime.datetime.fromisoformat(text)
    if found.tzinfo is not None and not rules.timestamps_have_zones:
        raise ValueProblem(f"{text} has a time zone, and {rules.title} keeps none.")
    return rules.text_literal(found.isoformat(sep=" "))


def _json(text: str, column: ColumnKind, rules: Dialect) -> str:
    json.loads(text)
    return rules.text_literal(text)


def _uuid(text: str, column: ColumnKind, rules: Dialect) -> str:
    return rules.text_literal(str(uuid.UUID(text)))


def _bytes(text: str, column: ColumnKind, rules: Dialect) -> str:
    match = re.fullmatch(r"(?:[xX]'([0-9a-fA-F]*)'|(?:0x|\\x)([0-9a-fA-F]*))", text)
    if match is None:
        raise ValueProblem(f"{text or 'Nothing'} is no binary value: write X'00FF'.")
    return rules.binary_literal.format(bytes.fromhex(match[1] or match[2] or "").hex())


def _other(text: str, column: ColumnKind, rules: Dialect) -> str:
    return rules.text_literal(text)


_LITERALS: Mapping[Kind, Callable[[str, ColumnKind, Dialect], str]] = {
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: _boolean,
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.TIMESTAMP: _timestamp,
    Kind.JSON: _json,
    Kind.UUID: _uuid,
    Kind.BYTES: _bytes,
    Kind.OTHER: _other,
}
