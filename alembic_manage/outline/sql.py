"""What a statement of SQL in a revision does, for a person: of the forms that the suite writes, whoever wrote them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from alembic_manage.outline.change import Change

_NAME = r'(?:"(?:[^"]|"")+"|`[^`]+`|\w+)'
_PATH = rf"{_NAME}(?:\.{_NAME})*"
_STRING = r"'(?:[^']|'')*'"
_WAY = re.compile(r",? ALGORITHM ?=? ?\w+(?:,? LOCK ?=? ?\w+)?$", re.IGNORECASE)
"""How MariaDB is to do it, which is none of the change."""
_SHOWN = 60


def change_of_sql(statement: str) -> Change:
    """The change that a statement makes; raw SQL where it is of no known form.

    Args:
        statement: as it stands in the revision.
    """
    line = _WAY.sub("", " ".join(statement.split()).rstrip("; "))
    for pattern, describe in _FORMS:
        match = pattern.fullmatch(line)
        if match is not None:
            return describe(statement, {name: value or "" for name, value in match.groupdict().items()})
    return Change("s", "execute", f"Raw SQL: {line[:_SHOWN]}{'...' * (len(line) > _SHOWN)}", statement=statement)


def with_swaps_as_one(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes, where an enum type is swapped for one with other values as a single one.

    That is: it is renamed, made anew, given to its columns, and dropped under its other name.
    """
    return tuple(_unswapped(list(changes)))


def _unswapped(changes: list[Change]) -> Iterator[Change]:
    while changes:
        change = changes.pop(0)
        end = _end_of_swap(change, changes) if change.kind == "rename_type" else None
        if end is None:
            yield change
            continue
        swap, changes = changes[: end + 1], changes[end + 1 :]
        text = f"Change the values of enum {change.name}"
        statement = ";\n".join(each.statement for each in (change, *swap))
        yield Change("~", "change_enum", text, name=change.name, schema=change.schema, statement=statement)


def _end_of_swap(renamed: Change, following: Sequence[Change]) -> int | None:
    """The place of the DROP TYPE, if all before it belongs to the swap."""
    for place, each in enumerate(following):
        if each.kind == "drop_type" and each.name == renamed.new_name:
            return place
        is_part = (each.kind == "create_enum" and each.name == renamed.name) or (
            each.kind == "alter_column" and each.statement
        )
        if not is_part:
            return None
    return None


Describe = Callable[[str, dict[str, str]], Change]
"""Makes the change of a statement and the named groups of its form."""


def _on_type(symbol: str, kind: str, text: str) -> Describe:
    """Of a type, sequence or the like: `{name}`, and in `text` also `{label}` and `{new}`."""

    def describe(statement: str, groups: dict[str, str]) -> Change:
        schema, name = _split(groups["path"])
        label, new = (_plain(groups.get(each, "")) for each in ("label", "new"))
        shown = text.format(name=name, label=groups.get("label", ""), new=groups.get("new", ""))
        if label:
            return Change(symbol, kind, shown, name, label, schema, new_name=new, statement=statement)
        return Change(symbol, kind, shown, name=name, schema=schema, new_name=new, statement=statement)

    return describe


def _on_table(symbol: str, kind: str, text: str) -> Describe:
    """Of a table, or of something that belongs to one: `{table}`, `{name}`, `{new}`, `{value}`, `{where}`."""

    def describe(statement: str, groups: dict[str, str]) -> Change:
        schema, table = _split(groups["path"])
        name, new = (_plain(groups.get(each, "")) for each in ("name", "new"))
        words = {"value": _short(groups.get("value", "")), "where": _short(groups.get("where", ""))}
        shown = text.format(table=table, name=name, new=new, **words).strip()
        return Change(symbol, kind, shown, table, name or table, schema, new_name=new, statement=statement)

    return describe


def _filled(statement: str, groups: dict[str, str]) -> Change:
    """UPDATE of one column; that only rows without a value are meant need not be said."""
    where = groups["where"]
    is_null = re.fullmatch(rf"{_PATH} IS NULL", where, re.IGNORECASE)
    text = "Fill {table}.{name} with {value}" + ("" if is_null else " where {where}")
    return _on_table("~", "fill_rows", text)(statement, groups)


def _altered_column(statement: str, groups: dict[str, str]) -> Change:
    action = groups["action"].upper()
    what = next(word for start, word in _COLUMN_ACTIONS if action.startswith(start))
    return _on_table("~", "alter_column", f"Alter column {{name}} on {{table}} ({what})")(statement, groups)


_COLUMN_ACTIONS = (
    ("TYPE", "type"),
    ("SET DATA TYPE", "type"),
    ("SET DEFAULT", "default"),
    ("DROP DEFAULT", "default"),
    ("SET NOT NULL", "nullable"),
    ("DROP NOT NULL", "nullable"),
    ("DROP EXPRESSION", "computed"),
    ("SET EXPRESSION", "computed"),
    ("", "identity"),
)


def _moved_column(statement: str, groups: dict[str, str]) -> Change:
    where = f"after {_plain(groups['after'])}" if groups["after"] else "to the front"
    return _on_table("~", "move_column", f"Move column {{name}} of {{table}} {where}")(statement, groups)


def _moved_table(statement: str, groups: dict[str, str]) -> Change:
    """RENAME TABLE, which may lead to another schema."""
    (schema, table), (new_schema, new) = _split(groups["path"]), _split(groups["new"])
    if schema == new_schema:
        text = f"Rename table {table} to {new}"
        return Change("~", "rename_table", text, table, table, schema, new_name=new, statement=statement)
    text = f"Move table {groups['path']} to {groups['new']}".replace("`", "").replace('"', "")
    return Change("~", "move_table", text, table, table, schema, new_name=new, statement=statement)


def _options(statement: str, groups: dict[str, str]) -> Change:
    names = ", ".join(re.findall(r"(\w+) ?=", groups["options"].lower()))
    return _on_table("~", "alter_table_options", f"Alter options of table {{table}} ({names})")(statement, groups)


def _form(pattern: str, describe: Describe) -> tuple[re.Pattern[str], Describe]:
    """A form: `<path>` stands for a name with its schema, `<label>` for a string, other words for names."""
    pattern = re.sub(r"(?<!P)<path>", lambda _: f"(?P<path>{_PATH})", pattern)
    pattern = pattern.replace("<label>", f"(?P<label>{_STRING})").replace("<newlabel>", f"(?P<new>{_STRING})")
    pattern = re.sub(r"(?<!P)<(name|new|after)>", lambda match: f"(?P<{match[1]}>{_NAME})", pattern)
    return re.compile(pattern, re.IGNORECASE | re.DOTALL), describe


_ALTER = "ALTER TABLE (?:IF EXISTS )?(?:ONLY )?<path> "
_ONE_ACTION = r"(?:(?!, ?(?:ADD|ALTER|CHANGE|DROP|MODIFY|RENAME)\b).)*"
_FORMS = (
    _form(
        "ALTER TYPE <path> ADD VALUE (?:IF NOT EXISTS )?<label>(?: .*)?",
        _on_type("~", "add_enum_value", "Add value {label} to enum {name}"),
    ),
    _form(
        "ALTER TYPE <path> RENAME VALUE <label> TO <newlabel>",
        _on_type("~", "rename_enum_value", "Rename value {label} of enum {name} to {new}"),
    ),
    _form("ALTER TYPE <path> RENAME TO <new>", _on_type("~", "rename_type", "Rename type {name} to {new}")),
    _form("CREATE TYPE <path> AS ENUM ?\\(.*", _on_type("+", "create_enum", "Create enum {name}")),
    _form("CREATE TYPE <path>(?: .*)?", _on_type("+", "create_type", "Create type {name}")),
    _form("DROP TYPE (?:IF EXISTS )?<path>(?: CASCADE| RESTRICT)?", _on_type("-", "drop_type", "Drop type {name}")),
    _form(
        "CREATE SEQUENCE (?:IF NOT EXISTS )?<path>(?: .*)?", _on_type("+", "create_sequence", "Create sequence {name}")
    ),
    _form(
        "DROP SEQUENCE (?:IF EXISTS )?<path>(?: CASCADE| RESTRICT)?",
        _on_type("-", "drop_sequence", "Drop sequence {name}"),
    ),
    _form("ALTER SEQUENCE <path> RENAME TO <new>", _on_type("~", "rename_sequence", "Rename sequence {name} to {new}")),
    _form("ALTER SEQUENCE (?:IF EXISTS )?<path> .*", _on_type("~", "alter_sequence", "Alter sequence {name}")),
    _form(
        "ALTER INDEX (?:IF EXISTS )?<path> RENAME TO <new>",
        _on_type("~", "rename_index", "Rename index {name} to {new}"),
    ),
    _form(
        _ALTER + "RENAME (?:INDEX|KEY) <name> TO <new>",
        _on_table("~", "rename_index", "Rename index {name} on {table} to {new}"),
    ),
    _form(
        _ALTER + "RENAME CONSTRAINT <name> TO <new>",
        _on_table("~", "rename_constraint", "Rename constraint {name} on {table} to {new}"),
    ),
    _form(
        _ALTER + "RENAME COLUMN <name> TO <new>",
        _on_table("~", "alter_column", "Rename column {name} on {table} to {new}"),
    ),
    _form(_ALTER + "RENAME TO <new>", _on_table("~", "rename_table", "Rename table {table} to {new}")),
    _form(_ALTER + "SET SCHEMA <new>", _on_table("~", "move_table", "Move table {table} to schema {new}")),
    _form(f"RENAME TABLE <path> TO (?P<new>{_PATH})", _moved_table),
    _form(f"RENAME TABLE <path> TO (?P<new>{_PATH}), {_PATH} TO (?P=path)", _moved_table),
    _form(_ALTER + "MODIFY (?:COLUMN )?<name> .* (?:AFTER <after>|FIRST)", _moved_column),
    _form(
        _ALTER + "MODIFY (?:COLUMN )?<name> " + _ONE_ACTION,
        _on_table("~", "alter_column", "Alter column {name} on {table}"),
    ),
    _form(
        _ALTER + "ADD COLUMN (?:IF NOT EXISTS )?<name> " + _ONE_ACTION,
        _on_table("+", "add_column", "Add column {name} to {table}"),
    ),
    _form(
        _ALTER + "DROP COLUMN (?:IF EXISTS )?<name>",
        _on_table("-", "drop_column", "Remove column {name} from {table}"),
    ),
    _form(
        _ALTER + "DROP (?:INDEX|KEY) (?:IF EXISTS )?<name>",
        _on_table("-", "drop_index", "Remove index {name} from {table}"),
    ),
    _form(
        _ALTER + "DROP FOREIGN KEY (?:IF EXISTS )?<name>",
        _on_table("-", "drop_constraint", "Remove constraint {name} from {table}"),
    ),
    _form(
        _ALTER + "CONVERT TO CHARACTER SET .*",
        _on_table("~", "alter_table_options", "Alter options of table {table} (character set)"),
    ),
    _form(_ALTER + "(?P<options>(?:ENGINE|ROW_FORMAT|DEFAULT CHARSET|COLLATE) ?=.*)", _options),
    _form(
        _ALTER + "ALTER (?:COLUMN )?<name> (?P<action>(?:TYPE|SET|DROP|ADD GENERATED)\\b.*)",
        _altered_column,
    ),
    _form(
        _ALTER + "DROP CONSTRAINT (?:IF EXISTS )?<name>(?: .*)?",
        _on_table("-", "drop_constraint", "Remove constraint {name} from {table}"),
    ),
    _form(
        _ALTER + "ADD CONSTRAINT <name> .*", _on_table("+", "create_constraint", "Create constraint {name} on {table}")
    ),
    _form(
        "CREATE (?:UNIQUE )?INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?<name> ON (?:ONLY )?<path> .*",
        _on_table("+", "create_index", "Create index {name} on {table}"),
    ),
    _form(
        "DROP INDEX (?:CONCURRENTLY )?(?:IF EXISTS )?<path>(?: ON .*)?",
        _on_type("-", "drop_index", "Remove index {name}"),
    ),
    _form(
        r"SELECT setval\(pg_get_serial_sequence\('(?P<path>[^']+)', '(?P<name>[^']+)'\),.*",
        _on_table("~", "continue_numbers", "Continue the numbers of {table}.{name}"),
    ),
    _form("UPDATE <path> SET <name> ?= ?(?P<value>(?:(?!,| WHERE ).|,(?! ?\\w+ ?=))+) WHERE (?P<where>.*)", _filled),
)
"""Each form of a statement, with what describes it; the first that fits counts."""


def _split(path: str) -> tuple[str | None, str]:
    """Schema and name of a path."""
    parts = [_plain(part) for part in re.findall(_NAME, path)]
    return (parts[-2] if len(parts) > 1 else None), parts[-1]


def _plain(text: str) -> str:
    """A name or a string without its quotes."""
    quote = text[:1]
    return text[1:-1].replace(quote * 2, quote) if quote in ('"', "`", "'") and len(text) > 1 else text


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
