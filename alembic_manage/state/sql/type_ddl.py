"""CREATE, ALTER and DROP TYPE: enums, and types of which only the name is remembered."""

from __future__ import annotations

from alembic_manage.state.objects import EnumType, Key
from alembic_manage.state.schema import SchemaError
from alembic_manage.state.sql.ddl_reader import DdlReader


def create_type(read: DdlReader) -> None:
    """CREATE TYPE and CREATE DOMAIN; of what is no enum only the name is remembered."""
    key = read.key()
    if read.accept("AS ENUM"):
        read.expect("(")
        labels = [] if read.at(")") else read.separated(read.string)
        read.expect(")")
        read.expect_end()
        _require_free_type(read, key)
        read.schema.create_enum(EnumType(key, tuple(labels)))
        return
    read.skip_rest()
    _require_free_type(read, key)
    read.schema.named_types.add(key)


def _require_free_type(read: DdlReader, key: Key) -> None:
    if key in read.schema.named_types or key in read.schema.enums:
        raise SchemaError(f'the type "{key}" exists already')


def drop_type(read: DdlReader) -> None:
    """DROP TYPE and DROP DOMAIN."""
    keys, if_exists, cascade = read.dropped(read.key)
    with read.schema.atomic():
        for key in keys:
            if key in read.schema.named_types and cascade:
                raise read.opaque("what DROP ... CASCADE takes with it is not known")
            if key in read.schema.named_types:
                read.schema.named_types.discard(key)
            else:
                read.schema.drop_enum(key, if_exists=if_exists, cascade=cascade)


def alter_type(read: DdlReader) -> None:
    """ALTER TYPE and ALTER DOMAIN."""
    key = read.key()
    if read.accept("ADD VALUE"):
        _add_label(read, key)
    elif read.accept("RENAME VALUE"):
        old = read.string()
        read.expect("TO")
        _rename_label(read, key, old, read.string())
    elif read.accept("RENAME TO"):
        _rename_type(read, key, Key(key.schema, read.name()))
    elif read.accept("SET SCHEMA"):
        _rename_type(read, key, read.schema.key(read.name(), key.name))
    elif read.accept("OWNER TO"):
        read.scalar()
    elif key in read.schema.named_types:
        read.expect("ADD", "DROP", "ALTER", "RENAME", "SET", "VALIDATE")
        read.skip_rest()
    else:
        raise read.unexpected()


def _labels(read: DdlReader, key: Key) -> list[str]:
    found = read.schema.enums.get(key)
    if found is None:
        raise SchemaError(f'there is no type "{key}"')
    return list(found.labels)


def _add_label(read: DdlReader, key: Key) -> None:
    if_not_exists = read.if_not_exists()
    label = read.string()
    side = read.accept("BEFORE", "AFTER")
    neighbour = read.string() if side else ""
    read.expect_end()
    labels = _labels(read, key)
    if label in labels:
        if if_not_exists:
            return
        raise SchemaError(f'the type "{key}" has a label "{label}" already')
    if side and neighbour not in labels:
        raise SchemaError(f'the type "{key}" has no label "{neighbour}"')
    place = labels.index(neighbour) + (side == "AFTER") if side else len(labels)
    read.schema.set_enum_labels(key, [*labels[:place], label, *labels[place:]])


def _rename_label(read: DdlReader, key: Key, old: str, new: str) -> None:
    read.expect_end()
    labels = _labels(read, key)
    if old not in labels:
        raise SchemaError(f'the type "{key}" has no label "{old}"')
    if new in labels:
        raise SchemaError(f'the type "{key}" has a label "{new}" already')
    read.schema.set_enum_labels(key, [new if label == old else label for label in labels])


def _rename_type(read: DdlReader, key: Key, new: Key) -> None:
    read.expect_end()
    if key in read.schema.named_types:
        raise read.opaque("the new name of a type that is no enum is not followed")
    read.schema.rename_enum(key, new)
