"""Whether a default has a value of its own for each row, so that a new column copies the table.

Source: PostgreSQL 16 manual, "ALTER TABLE", Notes; the functions by `provolatile` of pg_proc, PostgreSQL 15 and 18.
"""

from __future__ import annotations

import itertools
from enum import Enum

from alembic_manage.dialects import Dialect
from alembic_manage.sql.tokens import Token, TokenKind, tokens_of


class Volatility(Enum):
    """What is known about an expression."""

    STEADY = "steady"
    """One value for all rows of a statement."""
    VOLATILE = "volatile"
    """Another value for each row."""
    UNKNOWN = "unknown"
    """It calls a function that is not PostgreSQL's own."""


_VOLATILE = frozenset(
    {
        "random",
        "random_normal",
        "clock_timestamp",
        "timeofday",
        "gen_random_uuid",
        "uuidv4",
        "uuidv7",
        "uuid_generate_v1",
        "uuid_generate_v1mc",
        "uuid_generate_v4",
        "nextval",
        "currval",
        "lastval",
        "setval",
        "gen_random_bytes",
        "gen_salt",
        "pg_advisory_lock",
        "pg_sleep",
    }
)
_STEADY = frozenset(
    {
        "now",
        "current_timestamp",
        "current_time",
        "localtime",
        "localtimestamp",
        "statement_timestamp",
        "transaction_timestamp",
        "timezone",
        "date_trunc",
        "date_part",
        "extract",
        "age",
        "to_char",
        "to_date",
        "to_number",
        "to_timestamp",
        "make_date",
        "make_time",
        "make_timestamp",
        "make_timestamptz",
        "make_interval",
        "lower",
        "upper",
        "initcap",
        "concat",
        "concat_ws",
        "left",
        "right",
        "lpad",
        "rpad",
        "repeat",
        "replace",
        "reverse",
        "substr",
        "substring",
        "trim",
        "btrim",
        "ltrim",
        "rtrim",
        "length",
        "char_length",
        "md5",
        "sha256",
        "sha512",
        "encode",
        "decode",
        "chr",
        "ascii",
        "format",
        "coalesce",
        "nullif",
        "greatest",
        "least",
        "abs",
        "ceil",
        "ceiling",
        "floor",
        "round",
        "trunc",
        "sqrt",
        "power",
        "mod",
        "sign",
        "pi",
        "array_fill",
        "array_append",
        "array_prepend",
        "array_cat",
        "string_to_array",
        "array_to_string",
        "json_build_object",
        "json_build_array",
        "jsonb_build_object",
        "jsonb_build_array",
        "to_json",
        "to_jsonb",
        "json_object",
        "jsonb_object",
        "int4range",
        "int8range",
        "numrange",
        "daterange",
        "tsrange",
        "tstzrange",
        "to_tsvector",
        "to_tsquery",
        "plainto_tsquery",
        "current_setting",
        "txid_current",
        "pg_current_xact_id",
        "current_database",
        "current_schema",
        "current_user",
        "session_user",
        "row",
        "cast",
        "array",
        "convert_to",
        "convert_from",
        "hstore",
        "uuid_nil",
        "uuid_ns_dns",
        "inet_client_addr",
        "box",
        "point",
        "polygon",
        "line",
        "circle",
    }
)
_TYPES = frozenset(
    {
        "varchar",
        "char",
        "character",
        "varying",
        "numeric",
        "decimal",
        "bit",
        "varbit",
        "timestamp",
        "time",
        "timestamptz",
        "timetz",
        "interval",
        "float",
        "bpchar",
    }
)


def volatility_of(expression: str, rules: Dialect) -> Volatility:
    """How the value of a default changes from row to row.

    Args:
        expression: the SQL after DEFAULT.
        rules: of PostgreSQL; they say how it is read.
    """
    found = Volatility.STEADY
    for name in _calls(list(tokens_of(expression, rules))):
        if name in _VOLATILE:
            return Volatility.VOLATILE
        if name not in _STEADY and name not in _TYPES:
            found = Volatility.UNKNOWN
    return found


def _calls(tokens: list[Token]) -> list[str]:
    """The names with a parenthesis behind them."""
    return [
        token.value.lower()
        for token, following in itertools.pairwise(tokens)
        if token.kind in (TokenKind.WORD, TokenKind.NAME) and following.keyword == "("
    ]
