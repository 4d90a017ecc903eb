"""Values of SQLite: what may be named for one, and how it becomes one of another type."""

from __future__ import annotations

# A value has no type of its own here. Source: SQLite documentation, "Date And Time Functions", "Scalar SQL Functions".
VALUE_FUNCTIONS = {
    **dict.fromkeys(("date", "time", "datetime", "strftime", "unixepoch", "julianday"), "any"),
    **dict.fromkeys(("random", "abs", "round", "length"), "number"),
    **dict.fromkeys(("lower", "upper", "hex", "char"), "text"),
    **dict.fromkeys(("json", "json_array", "json_object"), "json"),
    **dict.fromkeys(("randomblob", "zeroblob"), "bytes"),
}


# Source: SQLite documentation, "Datatypes In SQLite", sections 3 and 4. Dates, times and UUIDs are texts, as SQLAlchemy
# stores them.
_TRUE, _FALSE = "'t', 'true', 'y', 'yes', 'on'", "'f', 'false', 'n', 'no', 'off'"


REWRITES = {
    ("date", "timestamp"): ("{column} || ' 00:00:00.000000'", "length({column}) = 10"),
    ("timestamp", "date"): ("substr({column}, 1, 10)", "length({column}) > 10"),
    ("timestamp", "time"): ("substr({column}, 12)", "length({column}) > 10"),
    ("text", "boolean"): (
        f"CASE WHEN lower({{column}}) IN ({_TRUE}) THEN '1' ELSE '0' END",
        f"lower({{column}}) IN ({_TRUE}, {_FALSE})",
    ),
    ("text", "uuid"): ("replace({column}, '-', '')", "{column} LIKE '%-%'"),
}


LATER_REWRITES = {
    ("uuid", "text"): (
        "substr({column}, 1, 8) || '-' || substr({column}, 9, 4) || '-' || substr({column}, 13, 4) || '-' "
        "|| substr({column}, 17, 4) || '-' || substr({column}, 21)",
        "length({column}) = 32",
    ),
}


_DATE = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"


MISFITS = {
    ("text", "integer"): "typeof({column}) NOT IN ('integer', 'null')",
    ("text", "number"): "typeof({column}) NOT IN ('integer', 'real', 'null')",
    ("text", "float"): "typeof({column}) NOT IN ('integer', 'real', 'null')",
    ("number", "integer"): "typeof({column}) NOT IN ('integer', 'null')",
    ("float", "integer"): "typeof({column}) NOT IN ('integer', 'null')",
    ("text", "boolean"): "{column} NOT IN (0, 1)",
    ("text", "date"): f"{{column}} NOT GLOB '{_DATE}' OR date({{column}}) IS NULL",
    ("text", "timestamp"): f"{{column}} NOT GLOB '{_DATE}*' OR datetime({{column}}) IS NULL",
    ("text", "uuid"): "length({column}) <> 32 OR {column} GLOB '*[^0-9a-fA-F]*'",
    ("text", "json"): "NOT json_valid({column})",
    ("timestamp", "date"): "length({column}) > 10 AND {column} NOT LIKE '% 00:00:00%'",
}
