"""Values of PostgreSQL: what may be named for one, and how it becomes one of another type."""

from __future__ import annotations

# Source: PostgreSQL 18 manual, chapter 9, "Functions and Operators".
VALUE_WORDS = {
    "current_timestamp": "timestamp",
    "localtimestamp": "timestamp",
    "current_date": "date",
    "current_time": "time",
    "localtime": "time",
    "current_user": "text",
    "session_user": "text",
    "current_schema": "text",
}


VALUE_FUNCTIONS = {
    **dict.fromkeys(
        ("now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "to_timestamp", "make_timestamp"),
        "timestamp",
    ),
    **dict.fromkeys(("make_date", "to_date"), "date"),
    "make_time": "time",
    **dict.fromkeys(("gen_random_uuid", "uuid_generate_v4", "uuidv4", "uuidv7"), "uuid"),
    **dict.fromkeys(("random", "nextval", "abs", "round", "length"), "number"),
    **dict.fromkeys(("lower", "upper", "md5", "concat", "current_database"), "text"),
    **dict.fromkeys(("json_build_object", "json_build_array", "jsonb_build_object", "jsonb_build_array"), "json"),
    **dict.fromkeys(("decode", "gen_random_bytes"), "bytes"),
}


_NUMBERS = ("integer", "number", "float")


# Source: PostgreSQL 16 manual, CREATE CAST, "AS ASSIGNMENT", and pg_cast; tried out on PostgreSQL 15.
AUTOMATIC_CASTS = frozenset(
    (
        *((old, new) for old in _NUMBERS for new in _NUMBERS),
        *((old, "text") for old in (*_NUMBERS, "boolean", "date", "time", "timestamp", "timestamptz", "interval")),
        *((old, "text") for old in ("uuid", "json", "enum", "other")),
        ("date", "timestamp"),
        ("timestamp", "date"),
        ("timestamp", "time"),
        ("time", "interval"),
        ("interval", "time"),
    )
)


CASTS = {
    **{("boolean", kind): "{column}::integer::{type}" for kind in _NUMBERS},
    **{(kind, "boolean"): "{column} <> 0" for kind in _NUMBERS},
    ("text", "bytes"): "convert_to({column}, 'UTF8')",
    ("bytes", "text"): "convert_from({column}, 'UTF8')",
    # Without the zone it would be that of the session, which may be another one on the way down.
    ("timestamp", "timestamptz"): "{column} AT TIME ZONE 'UTC'",
    ("timestamptz", "timestamp"): "{column} AT TIME ZONE 'UTC'",
    ("date", "timestamptz"): "{column}::timestamp AT TIME ZONE 'UTC'",
    ("timestamptz", "date"): "({column} AT TIME ZONE 'UTC')::date",
    ("timestamptz", "time"): "({column} AT TIME ZONE 'UTC')::time",
}


MISFITS = {
    ("text", "integer"): "{column} !~ '^ *[-+]?[0-9]+ *$'",
    **{
        ("text", kind): "{column} !~ '^ *[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)? *$'"
        for kind in ("number", "float")
    },
    ("text", "boolean"): (
        "lower(trim({column})) NOT IN ('t', 'true', 'y', 'yes', 'on', '1', 'f', 'false', 'n', 'no', 'off', '0')"
    ),
    **{
        ("text", kind): "{column} !~ '^ *[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}'"
        for kind in ("date", "timestamp", "timestamptz")
    },
    ("text", "time"): "{column} !~ '^ *[0-9]{{1,2}}:[0-9]{{2}}'",
    ("text", "uuid"): "replace({column}, '-', '') !~ '^[{{]?[0-9a-fA-F]{{32}}[}}]?$'",
    ("text", "json"): "{column} !~ '^[[:space:]]*([[{{\"0-9-]|true|false|null)'",
    ("timestamp", "date"): "{column} <> {column}::date",
    ("timestamptz", "date"): "{column} AT TIME ZONE 'UTC' <> ({column} AT TIME ZONE 'UTC')::date",
}
