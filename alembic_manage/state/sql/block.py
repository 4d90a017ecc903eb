"""Anonymous blocks (DO): the statements in them, as far as it is known that they run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alembic_manage.state.schema import SchemaError
from alembic_manage.state.sql.catalog_query import is_true
from alembic_manage.state.sql.ddl_reader import DdlReader
from alembic_manage.state.sql.functions import function_called, may_change_tables
from alembic_manage.state.sql.sql_reader import SqlReader
from alembic_manage.state.sql.statements import StatementKind, kind_of, shortened

Apply = Callable[[str], None]


class _Returned(Exception):
    """RETURN was met."""


class Node:
    """Something that a block does."""

    @property
    def has_ddl(self) -> bool:
        """Whether it may change the schema."""
        return False

    def run(self, block: BlockRun) -> None:
        """Do it."""


@dataclass(frozen=True)
class BlockRun:
    """What statements of a block are run with."""

    read: DdlReader
    apply_statement: Apply


@dataclass(frozen=True)
class Statement(Node):
    """One SQL statement."""

    text: str

    @property
    def has_ddl(self) -> bool:
        """Whether it is DDL."""
        return kind_of(self.text) is StatementKind.DDL

    def run(self, block: BlockRun) -> None:
        """Apply it; of EXECUTE, the string."""
        read = SqlReader(self.text, block.read.rules)
        if not read.accept("EXECUTE"):
            block.apply_statement(self.text)
            return
        text = read.body()
        if not read.is_done:
            raise block.read.opaque("DO: an EXECUTE of a text that is put together is not read")
        block.apply_statement(text)


@dataclass(frozen=True)
class Return(Node):
    """RETURN."""

    def run(self, block: BlockRun) -> None:
        """Leave the block."""
        raise _Returned


@dataclass(frozen=True)
class Loop(Node):
    """A loop, of which nobody knows how often it runs."""

    nodes: Sequence[Node]

    @property
    def has_ddl(self) -> bool:
        """Whether DDL is in it."""
        return any(node.has_ddl for node in self.nodes)

    def run(self, block: BlockRun) -> None:
        """Nothing, unless it holds DDL."""
        if self.has_ddl:
            raise block.read.opaque("DO: DDL in a loop is not read")


@dataclass(frozen=True)
class If(Node):
    """IF: pairs of a condition and what follows it; ELSE is one that is always true."""

    branches: Sequence[tuple[str | None, Sequence[Node]]]

    @property
    def has_ddl(self) -> bool:
        """Whether DDL is in any branch."""
        return any(node.has_ddl for _, nodes in self.branches for node in nodes)

    def run(self, block: BlockRun) -> None:
        """Run the first branch whose condition holds."""
        returns = any(isinstance(node, Return) for _, nodes in self.branches for node in nodes)
        if not self.has_ddl and not returns:
            return
        for condition, nodes in self.branches:
            holds = True if condition is None else is_true(condition, block.read.schema)
            if holds is None:
                raise block.read.opaque(f"DO: the condition {shortened(str(condition))} is not known")
            if holds:
                for node in nodes:
                    node.run(block)
                return


@dataclass(frozen=True)
class Block(Node):
    """BEGIN ... EXCEPTION ... END."""

    nodes: Sequence[Node]
    handlers: Sequence[Node] | None
    """What the first handler does; None where there is none."""

    @property
    def has_ddl(self) -> bool:
        """Whether DDL is in it."""
        return any(node.has_ddl for node in (*self.nodes, *(self.handlers or ())))

    def run(self, block: BlockRun) -> None:
        """Run it; an error that a handler catches takes back what the block did."""
        returned = False
        try:
            with block.read.schema.atomic():
                try:
                    for node in self.nodes:
                        node.run(block)
                except _Returned:
                    returned = True  # no error, after which nothing would be kept
        except SchemaError:
            if self.handlers is None:
                raise
            for node in self.handlers:
                node.run(block)
        if returned:
            raise _Returned


def apply_block(body: str, read: DdlReader, apply_statement: Apply) -> None:
    """Apply what the body of a DO holds.

    Args:
        body: the text between the dollar quotes.
        read: the reader of the whole statement.
        apply_statement: applies one statement.

    Raises:
        OpaqueStatementError: it is not known what DDL is run.
    """
    block = BlockReader(SqlReader(body, read.rules)).block()
    try:
        block.run(BlockRun(read, apply_statement))
    except _Returned:
        return


class BlockReader:
    """Reads PL/pgSQL, as far as anonymous blocks in revisions have it.

    Args:
        read: stands before DECLARE or BEGIN.
    """

    def __init__(self, read: SqlReader) -> None:
        self.read = read

    def block(self) -> Block:
        """A block with all that is in it."""
        read = self.read
        while not read.accept("BEGIN"):
            read.skip()
        nodes = self._nodes("EXCEPTION", "END")
        handlers = self._handlers() if read.accept("EXCEPTION") else None
        read.expect("END")
        read.accept(";")
        return Block(nodes, handlers)

    def _handlers(self) -> list[Node]:
        nodes: list[Node] = []
        while self.read.accept("WHEN"):
            self._text("THEN")
            nodes += self._nodes("WHEN", "END")
        return nodes

    def _nodes(self, *ends: str) -> list[Node]:
        nodes: list[Node] = []
        while not self.read.at(*ends):
            nodes.append(self._node())
        return nodes

    def _node(self) -> Node:
        read = self.read
        if read.is_done:
            raise read.unexpected()
        if read.at("BEGIN", "DECLARE"):
            return self.block()
        if read.accept("IF"):
            return self._if()
        if read.at("FOR", "WHILE", "LOOP", "FOREACH"):
            return self._loop()
        if read.accept("RETURN"):
            read.expect(";")
            return Return()
        return self._statement()

    def _if(self) -> If:
        branches: list[tuple[str | None, Sequence[Node]]] = []
        ends = ("ELSIF", "ELSEIF", "ELSE", "END IF")
        condition: str | None = self._text("THEN")
        while True:
            branches.append((condition, self._nodes(*ends)))
            word = self.read.expect(*ends)
            if word == "END IF":
                self.read.expect(";")
                return If(branches)
            condition = None if word == "ELSE" else self._text("THEN")

    def _loop(self) -> Loop:
        self._text("LOOP")
        nodes = self._nodes("END LOOP")
        self.read.expect("END LOOP")
        self.read.expect(";")
        return Loop(nodes)

    def _statement(self) -> Node:
        """A statement; one of the language that is no SQL does nothing."""
        is_silent = bool(self.read.at(*_SILENT)) or self._is_assignment()
        text = self._text(";")
        function = function_called(text)
        if function is not None and may_change_tables(function):
            raise self.read.opaque("it calls a function that may change tables")
        return Node() if is_silent else Statement(text)

    def _is_assignment(self) -> bool:
        words = self.read.rest()[:200].split(maxsplit=1)
        return len(words) > 1 and words[1].startswith((":=", "= "))

    def _text(self, end: str) -> str:
        """What comes before a keyword, which is read too."""
        start = self.read.token.start
        text = ""
        while not self.read.at(end):
            self.read.skip()
            text = self.read.text_since(start)
        self.read.expect(end)
        return text


_SILENT = ("NULL", "PERFORM", "RAISE", "ASSERT", "GET", "OPEN", "FETCH", "CLOSE", "EXIT", "CONTINUE")
