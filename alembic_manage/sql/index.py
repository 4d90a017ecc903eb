"""Reads CREATE INDEX: what an index is, apart from its spelling and its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from alembic_manage.dialects import Dialect
from alembic_manage.sql.expression import Node, is_same_tree, tree_of
from alembic_manage.sql.tokens import Token, TokenKind, tokens_of


@dataclass(frozen=True)
class IndexPart:
    """A column or an expression of an index."""

    text: str
    """Without what follows."""
    tree: Node
    operators: str = ""
    """The operator class that was said."""
    is_descending: bool = False
    nulls_first: bool = False

    @property
    def order(self) -> str:
        """The words behind it that say in which order it is; none for the usual one."""
        word = "DESC" if self.is_descending else ""
        nulls = "" if self.nulls_first == self.is_descending else f"NULLS {'FIRST' if self.nulls_first else 'LAST'}"
        return f"{word} {nulls}".strip()


@dataclass(frozen=True)
class IndexDefinition:
    """What a CREATE INDEX says."""

    kind: str
    """"UNIQUE", "FULLTEXT", "SPATIAL" or nothing."""
    parts: tuple[IndexPart, ...]
    using: str = ""
    """The access method; nothing for the usual one."""
    include: tuple[str, ...] = ()
    nulls_not_distinct: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)
    """What stands in parentheses after WITH."""
    parser: str = ""
    tablespace: str = ""
    where: str = ""
    where_tree: Node = ()
    rest: str = ""
    """The text from the table's name on, without it."""

    def is_same(self, other: IndexDefinition) -> bool:
        """Whether both make the same index."""
        return self._facts == other._facts and self._trees == other._trees

    def may_be_same(self, other: IndexDefinition) -> bool:
        """Whether both make the same index, if casts that a server may have added are none."""
        return self._facts == other._facts and is_same_tree(self._trees, other._trees)

    @property
    def _facts(self) -> tuple[object, ...]:
        order = [(part.operators, part.is_descending, part.nulls_first) for part in self.parts]
        options = (self.using, self.include, self.nulls_not_distinct, dict(self.parameters), self.parser)
        return self.kind, order, *options, self.tablespace

    @property
    def _trees(self) -> tuple[Node, ...]:
        return *(part.tree for part in self.parts), self.where_tree


@dataclass(frozen=True)
class ExclusionDefinition:
    """What an EXCLUDE constraint says."""

    index: IndexDefinition
    """The index that it rests on."""
    operators: tuple[str, ...]
    """What each part is compared with."""
    timing: tuple[str, ...]
    """When it is checked: nothing, DEFERRABLE, and then perhaps DEFERRED."""
    text: str
    """From EXCLUDE on."""

    def is_same(self, other: ExclusionDefinition) -> bool:
        """Whether both make the same constraint."""
        return self._facts == other._facts and self.index.is_same(other.index)

    def may_be_same(self, other: ExclusionDefinition) -> bool:
        """Whether both make the same constraint, if casts that a server may have added are none."""
        return self._facts == other._facts and self.index.may_be_same(other.index)

    @property
    def _facts(self) -> tuple[object, ...]:
        return self.operators, self.timing


@dataclass(frozen=True)
class UniqueDefinition:
    """What a UNIQUE constraint says."""

    columns: tuple[str, ...]
    include: frozenset[str]
    nulls_not_distinct: bool
    timing: tuple[str, ...]
    """When it is checked: nothing, DEFERRABLE, and then perhaps DEFERRED."""
    text: str
    """From UNIQUE on."""

    def is_same(self, other: UniqueDefinition) -> bool:
        """Whether both make the same constraint; the order of the columns says nothing."""
        return self._facts == other._facts

    @property
    def _facts(self) -> tuple[object, ...]:
        return frozenset(self.columns), self.include, self.nulls_not_distinct, self.timing


def read_unique(sql: str, rules: Dialect, table: str) -> UniqueDefinition:
    """What a UNIQUE constraint of `table` says; the text may begin before UNIQUE."""
    return _IndexReader(sql, rules, table).read_unique()


def read_exclusion(sql: str, rules: Dialect, table: str) -> ExclusionDefinition:
    """What an EXCLUDE constraint of `table` says; the text may begin before EXCLUDE."""
    return _IndexReader(sql, rules, table).read_exclusion()


def read_index(sql: str, rules: Dialect, table: str) -> IndexDefinition:
    """What a CREATE INDEX on `table` says."""
    return _IndexReader(sql, rules, table).read()


_USUAL_METHOD = "btree"


class _IndexReader:
    """Reads from left to right."""

    def __init__(self, sql: str, rules: Dialect, table: str) -> None:
        self.sql = sql
        self.rules = rules
        self.table = table
        self.tokens = list(tokens_of(sql, rules))
        self.place = 0

    def read_exclusion(self) -> ExclusionDefinition:
        """The definition from EXCLUDE on."""
        while not self._accept("EXCLUDE"):
            self._next()
        definition = self.sql[self.tokens[self.place - 1].start :]
        timing = self._take_timing()
        operators: list[str] = []
        found = self._read_rest("", operators)
        return ExclusionDefinition(found, tuple(operators), timing, definition)

    def read_unique(self) -> UniqueDefinition:
        """The definition from UNIQUE on."""
        while not self._accept("UNIQUE"):
            self._next()
        definition = self.sql[self.tokens[self.place - 1].start :]
        timing = self._take_timing()
        nulls = self._option() if self.tokens[self.place].keyword == "NULLS" else {}
        index = replace(self._read_rest("", None), **nulls)  # type: ignore[arg-type]
        columns = tuple(str(part.tree[1]) for part in index.parts)
        return UniqueDefinition(columns, frozenset(index.include), index.nulls_not_distinct, timing, definition)

    def _take_timing(self) -> tuple[str, ...]:
        """The words at the end that say when it is checked, taken away; those that say the usual are none."""
        words = []
        while self.tokens and self.tokens[-1].keyword in ("DEFERRABLE", "NOT", "INITIALLY", "DEFERRED", "IMMEDIATE"):
            words.append(self.tokens.pop().keyword)
        if "NOT" in words or ("DEFERRABLE" not in words and "DEFERRED" not in words):
            return ()
        return ("DEFERRABLE", "DEFERRED") if "DEFERRED" in words else ("DEFERRABLE",)

    def read(self) -> IndexDefinition:
        """The definition."""
        kind = ""
        while not self._accept("ON"):
            token = self._next()
            kind = token.keyword if token.keyword in ("UNIQUE", "FULLTEXT", "SPATIAL") else kind
        self._accept("ONLY")
        self._name()
        return self._read_rest(kind, None)

    def _read_rest(self, kind: str, operators: list[str] | None) -> IndexDefinition:
        """From USING or the parentheses on; what the parts are compared with is put into `operators`."""
        rest = self.sql[self.tokens[self.place].start :]
        using = self._name() if self._accept("USING") else ""
        parts = tuple(self._part(tokens, operators) for tokens in self._group())
        options: dict[str, object] = {"using": using}
        while self.place < len(self.tokens):
            options |= self._option()
        if str(options["using"]).lower() == _USUAL_METHOD:
            options["using"] = ""
        return IndexDefinition(kind, parts, rest=rest, **options)  # type: ignore[arg-type]

    def _option(self) -> dict[str, object]:
        if self._accept("INCLUDE"):
            return {"include": tuple(self._value(tokens[0]) for tokens in self._group())}
        if self._accept("NULLS"):
            is_not = self._accept("NOT")
            self._accept("DISTINCT")
            return {"nulls_not_distinct": is_not}
        if self._accept("WITH"):
            return self._with()
        if self._accept("TABLESPACE"):
            return {"tablespace": self._name()}
        if self._accept("USING"):
            return {"using": self._name()}
        if self._accept("WHERE"):
            text = self.sql[self.tokens[self.place].start : self.tokens[-1].end].rstrip(";")
            self.place = len(self.tokens)
            return {"where": text, "where_tree": tree_of(text, self.rules, self.table)}
        self._next()
        return {}

    def _with(self) -> dict[str, object]:
        if self._accept("PARSER"):
            return {"parser": self._name()}
        found = {}
        for tokens in self._group():
            value = [self._value(token) for token in tokens[1:] if token.text != "="]
            found[self._value(tokens[0])] = "".join(value).lower() or "true"
        return {"parameters": found}

    def _group(self) -> list[list[Token]]:
        """The tokens between parentheses, apart at the commas."""
        items: list[list[Token]] = [[]]
        depth = 0
        while True:
            token = self._next()
            depth += (token.keyword == "(") - (token.keyword == ")")
            if depth == 0:
                return items
            if depth == 1 and token.keyword == ",":
                items.append([])
            elif not (depth == 1 and token.keyword == "(" and items == [[]]):
                items[-1].append(token)

    def _part(self, tokens: list[Token], compared: list[str] | None) -> IndexPart:
        if compared is not None:
            place = max(place for place, token in enumerate(tokens) if token.keyword == "WITH")
            compared.append("".join(token.text for token in tokens[place + 1 :]))
            del tokens[place:]
        nulls = _last(tokens, "FIRST", "LAST") if len(tokens) > 2 and tokens[-2].keyword == "NULLS" else ""
        if nulls:
            del tokens[-1]
        direction = _last(tokens, "ASC", "DESC")
        operators = self._operators(tokens)
        text = self.sql[tokens[0].start : tokens[-1].end]
        is_descending = direction == "DESC"
        nulls_first = nulls == "FIRST" if nulls else is_descending
        return IndexPart(text, tree_of(text, self.rules, self.table), operators, is_descending, nulls_first)

    def _operators(self, tokens: list[Token]) -> str:
        """A name at the end that is no part of the expression, nor of its COLLATE."""
        found = ""
        if len(tokens) > 1 and _is_name(tokens[-1]):
            before = tokens[-2]
            if _is_name(before) or before.text == ")":
                return "" if before.keyword == "COLLATE" else self._value(tokens.pop())
            if before.text == "." and len(tokens) > 3 and (_is_name(tokens[-4]) or tokens[-4].text == ")"):
                found = f"{self._value(tokens[-3])}.{self._value(tokens[-1])}"
                is_collation = tokens[-4].keyword == "COLLATE"
                if not is_collation:
                    del tokens[-3:]
                return "" if is_collation else found
        return found

    def _name(self) -> str:
        """A name, without its schema."""
        name = self._value(self._next())
        while self._accept("."):
            name = self._value(self._next())
        return name

    def _value(self, token: Token) -> str:
        return token.text.lower() if token.kind is TokenKind.WORD else token.value

    def _accept(self, keyword: str) -> bool:
        found = self.place < len(self.tokens) and self.tokens[self.place].keyword == keyword
        self.place += found
        return found

    def _next(self) -> Token:
        self.place += 1
        return self.tokens[self.place - 1]


def _last(tokens: list[Token], *keywords: str) -> str:
    """The last token, taken away, if it is one of these words."""
    if len(tokens) < 2 or tokens[-1].keyword not in keywords:
        return ""
    return tokens.pop().keyword


def _is_name(token: Token) -> bool:
    return token.kind in (TokenKind.WORD, TokenKind.NAME)
