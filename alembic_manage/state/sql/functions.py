"""Calls of functions in SQL that may do more than to answer."""

from __future__ import annotations

import re


def function_called(statement: str) -> str | None:
    """The function that a SELECT or PERFORM calls, in lower case; None where it has a FROM, and for other statements.

    A number may be set from rows: what it is set to is no part of the state.
    """
    match = _CALL.match(statement)
    found = match[1].lower() if match else None
    return found if found == "setval" or not _FROM.search(statement) else None


def may_change_tables(function: str) -> bool:
    """Whether nobody here knows what a function does, on a database whose functions can do everything."""
    return function not in _HARMLESS and not function.startswith(_HARMLESS_FAMILIES)


_FROM = re.compile(r"\bFROM\b", re.IGNORECASE)
_CALL = re.compile(r"\s*(?:SELECT|PERFORM)\s+(?:pg_catalog\.)?(\w+(?:\.\w+)*)\s*\(", re.IGNORECASE)
# Functions that a SELECT without FROM may call: they change no table.
_HARMLESS = frozenset(
    re.findall(
        r"\w+",
        "abs array cast char_length coalesce concat count currval current_database current_schema "
        "current_setting database date exists extract from_unixtime gen_random_uuid greatest if ifnull "
        "json_object last_insert_id lastval least length lower max md5 min nextval not now nullif "
        "pg_advisory_lock pg_advisory_unlock pg_advisory_xact_lock pg_is_in_recovery pg_try_advisory_lock "
        "pg_sleep random replace round schema set_config setval sleep sqlite_version strftime sum to_char "
        "to_regclass to_regtype unix_timestamp upper utc_timestamp uuid uuid_generate_v4 values version ",
    )
)
_HARMLESS_FAMILIES = ("array_", "date_", "json_", "jsonb_", "pg_get_", "regexp_", "string_", "to_", "uuid_")
