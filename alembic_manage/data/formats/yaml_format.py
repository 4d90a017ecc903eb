"""YAML: one list of records, read item by item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from alembic_manage.data.record import Place, Record, bad_record, record_from
from alembic_manage.errors import FixtureError

if TYPE_CHECKING:
    from alembic_manage.data.layout import Layout

try:
    import yaml
except ImportError as error:
    raise FixtureError("YAML needs the package pyyaml.", hint="pip install 'alembic-manage[yaml]'") from error

_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _Loader(yaml.SafeLoader):
    """As SafeLoader, but dates stay text: the column says what they are."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class YamlWriter:
    """Writes a list, an item at a time."""

    def __init__(self, stream: IO[str], indent: int | None) -> None:
        self._stream = stream
        self._indent = indent
        self._is_empty = True

    def write(self, record: Record) -> None:
        """Write one record."""
        yaml.safe_dump([record.as_mapping()], self._stream, sort_keys=False, allow_unicode=True, indent=self._indent)
        self._is_empty = False

    def close(self) -> None:
        """Nothing ends the document, but a list without items is written as such."""
        if self._is_empty:
            self._stream.write("[]\n")


def writer(stream: IO[str], layout: Layout | None, indent: int | None) -> YamlWriter:
    """A writer of YAML."""
    return YamlWriter(stream, indent)


def read(stream: IO[str], name: str, model: str) -> Iterator[Record]:
    """The records of the list.

    Raises:
        FixtureError: it is no YAML, no list, or holds something that is no record.
    """
    loader = _Loader(stream)
    try:
        yield from (record_from(value, Place(name, line)) for line, value in _items(loader, name))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise bad_record(Place(name, mark.line + 1 if mark else 1), f"this is no YAML: {problem}") from error
    finally:
        loader.dispose()


def _items(loader: Any, name: str) -> Iterator[tuple[int, Any]]:
    loader.get_event()  # the stream begins
    if loader.check_event(yaml.StreamEndEvent):
        return
    loader.get_event()  # the document begins
    if not loader.check_event(yaml.SequenceStartEvent):
        line = loader.peek_event().start_mark.line + 1
        raise bad_record(Place(name, line), "a fixture in YAML is a list of records: - model: ...")
    loader.get_event()
    while not loader.check_event(yaml.SequenceEndEvent):
        node = loader.compose_node(None, 0)
        yield node.start_mark.line + 1, loader.construct_document(node)
