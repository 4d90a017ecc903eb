"""Values of MariaDB: what may be named for one, and how it becomes one of another type."""

from __future__ import annotations

# Source: MariaDB documentation, "Date & Time Functions", "UUID", "JSON Functions".
VALUE_WORDS = {
    **dict.fromkeys(("current_timestamp", "localtimestamp", "localtime", "utc_timestamp"), "timestamp"),
    **dict.fromkeys(("current_date", "utc_date"), "date"),
    **dict.fromkeys(("current_time", "utc_time"), "time"),
    "current_user": "text",
}


VALUE_FUNCTIONS = {
    **dict.fromkeys(
        ("now", "current_timestamp", "localtimestamp", "localtime", "sysdate", "utc_timestamp", "from_unixtime"),
        "timestamp",
    ),
    **dict.fromkeys(("curdate", "current_date", "utc_date", "date", "makedate"), "date"),
    "str_to_date": "timestamp",
    **dict.fromkeys(("curtime", "current_time", "utc_time", "maketime"), "time"),
    **dict.fromkeys(("uuid", "sys_guid"), "uuid"),
    **dict.fromkeys(("uuid_short", "rand", "unix_timestamp", "abs", "round", "length"), "number"),
    **dict.fromkeys(("lower", "upper", "md5", "concat", "database", "current_user"), "text"),
    **dict.fromkeys(("json_object", "json_array"), "json"),
    **dict.fromkeys(("unhex", "random_bytes"), "bytes"),
}


# Source: MariaDB documentation, "Data Types"; tried out on MariaDB 10.11 in strict mode.
_TRUE, _FALSE = "'t', 'true', 'y', 'yes', 'on'", "'f', 'false', 'n', 'no', 'off'"


REWRITES = {
    ("text", "boolean"): (
        f"CASE WHEN lower({{column}}) IN ({_TRUE}) THEN '1' ELSE '0' END",
        f"lower({{column}}) IN ({_TRUE}, {_FALSE})",
    ),
    ("text", "uuid"): ("replace({column}, '-', '')", "{column} LIKE '%-%'"),
}


LATER_REWRITES = {
    # A UUID that was CHAR(32).
    ("uuid", "text"): (
        "lower(concat_ws('-', substr({column}, 1, 8), substr({column}, 9, 4), substr({column}, 13, 4), "
        "substr({column}, 17, 4), substr({column}, 21)))",
        "char_length({column}) = 32",
    ),
}


# Error 4078, "Cannot cast 'uuid' as 'bigint'", also where the table is empty; tried out on MariaDB 10.11.
CASTS_THROUGH_TEXT = frozenset(
    pair
    for name in ("integer", "number", "float", "boolean", "date", "time", "timestamp", "other")
    for pair in (("uuid", name), (name, "uuid"))
)


MISFITS = {
    ("text", "integer"): "{column} NOT REGEXP '^ *[-+]?[0-9]+ *$'",
    **{
        ("text", kind): "{column} NOT REGEXP '^ *[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)? *$'"
        for kind in ("number", "float")
    },
    ("text", "boolean"): f"lower({{column}}) NOT IN ({_TRUE}, {_FALSE}) AND {{column}} NOT REGEXP '^ *[-+]?[0-9]+ *$'",
    **{
        ("text", kind): "{column} NOT REGEXP '^[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}'"
        for kind in ("date", "timestamp", "timestamptz")
    },
    ("text", "uuid"): "replace({column}, '-', '') NOT REGEXP '^[0-9a-fA-F]{{32}}$'",
    ("text", "json"): "json_valid({column}) = 0",
    ("timestamp", "date"): "{column} <> CAST({column} AS DATE)",
}
