"""Reads an expression into a tree, by the precedence of its operators; parentheses that change nothing are gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from alembic_manage.dialects import Dialect
from alembic_manage.sql.node import Node, cast_of, is_one_of, junction, negated, signed, without_casts
from alembic_manage.sql.operators import LIKE, OPERATOR_CHARACTERS, PATTERN_WORDS, Tightness, joined, tightness_of
from alembic_manage.sql.tokens import Token, TokenKind, tokens_of
from alembic_manage.sql.type_reader import TypeReader
from alembic_manage.sql.unreadable import Unreadable


def read_tree(text: str, rules: Dialect, table: str | None = None) -> Node:
    """The tree of an expression.

    Args:
        text: the SQL.
        rules: of the database that it is written for.
        table: the table whose columns it names.

    Raises:
        Unreadable: it holds what is not understood.
    """
    reader = TreeReader(joined(list(tokens_of(text, rules))), rules, table)
    node = reader.expression()
    if not reader.is_done:
        raise Unreadable(text)
    return node


# What may stand between the arguments of a function without a comma.
_ARGUMENT_WORDS = frozenset(
    ("FROM", "FOR", "USING", "AS", "DISTINCT", "ALL", "BOTH", "LEADING", "TRAILING", "ORDER", "BY", "ASC", "DESC")
)


class TreeReader(TypeReader):
    """Reads from left to right.

    Args:
        tokens: of the text.
        rules: of the database.
        table: the table whose columns are named.
    """

    def __init__(self, tokens: list[Token], rules: Dialect, table: str | None) -> None:
        super().__init__(tokens, rules)
        self.table = table

    def expression(self, tightness: int = 0) -> Node:
        """An expression, as far as its operators bind more tightly than `tightness`."""
        node = self._prefix()
        while not self.is_done:
            after = self._infix(node, tightness)
            if after is None:
                break
            node = after
        return node

    # What an expression begins with

    def _prefix(self) -> Node:
        token = self.next()
        if token.kind in (TokenKind.STRING, TokenKind.BODY):
            return self._string(token)
        if token.kind is TokenKind.NUMBER:
            return "number", token.text
        if token.kind is TokenKind.NAME:
            return self._named(self.name(token))
        if token.kind is TokenKind.SYMBOL:
            return self._symbol(token.text)
        return self._word(token)

    def _string(self, token: Token) -> Node:
        text = token.value
        while self.next_kind is TokenKind.STRING:
            text += self.next().value
        return "string", text

    def _symbol(self, symbol: str) -> Node:
        if symbol == "(":
            return self._group()
        if symbol in ("-", "+"):
            return signed(symbol, self.expression(Tightness.SIGN))
        if symbol == "*":
            return ("all",)
        if symbol != "?" and set(symbol) <= OPERATOR_CHARACTERS:
            return "unary", symbol, self.expression(Tightness.OTHER)
        raise Unreadable(symbol)

    def _group(self) -> Node:
        if self.at("SELECT", "VALUES", "WITH"):
            raise Unreadable("a query")
        items = self._list(")")
        return items[0] if len(items) == 1 else ("row", *items)

    def _list(self, end: str) -> list[Node]:
        items: list[Node] = []
        while not self.accept(end):
            items.append(self.expression())
            if not self.accept(","):
                self.expect(end)
                return items
        return items

    def _word(self, token: Token) -> Node:
        word = token.keyword
        special = _WORDS.get(word)
        if special is not None:
            return special(self)
        if self.next_kind is TokenKind.STRING:
            literal = self._string(self.next())
            # A character set before a string, or a type: DATE '2020-01-01'.
            return literal if word.startswith("_") else ("cast", literal, self.type_name(token.text), True)
        if word in ("SELECT", "FROM", "WHERE", "OVER"):
            raise Unreadable(word)
        return self._named(self.name(token))

    def _named(self, name: str) -> Node:
        names = [name]
        while self.accept("."):
            names.append(self.name(self.next()))
        if self.at("("):
            return self._call(names)
        if len(names) > 1 and self.table is not None and names[-2].lower() == self.table.lower():
            names = names[-1:]
        return self._constant(names)

    def _constant(self, names: list[str]) -> Node:
        if len(names) == 1 and names[0] in ("true", "false") and self.rules.boolean_literals == ("0", "1"):
            return "number", str(int(names[0] == "true"))
        return "name", *names

    def _call(self, names: list[str]) -> Node:
        self.expect("(")
        name = self.rules.function_synonyms.get(names[-1], names[-1])
        if self.at("SELECT", "VALUES", "WITH"):
            raise Unreadable("a query")
        arguments: list[Any] = []
        while not self.accept(")"):
            if word := self.accept(",", *_ARGUMENT_WORDS):
                arguments.append(word)
            else:
                arguments.append(self.expression())
        if name == "trim" and arguments[:2] == ["BOTH", "FROM"]:
            del arguments[:2]
        if self.at("OVER", "FILTER", "WITHIN"):
            raise Unreadable("a window")
        return "call", *names[:-1], name, *arguments

    def _not(self) -> Node:
        return negated(self.expression(Tightness.NOT))

    def _case(self) -> Node:
        parts: list[Any] = ["case"]
        while not self.accept("END"):
            word = self.accept("WHEN", "THEN", "ELSE")
            parts.append(word if word else self.expression())
        return tuple(parts)

    def _cast(self) -> Node:
        self.expect("(")
        node = self.expression()
        self.expect("AS")
        name = self.sql_type()
        self.expect(")")
        return "cast", node, name, False

    def _array(self) -> Node:
        self.expect("[")
        return "array", *self._list("]")

    def _quantified(self) -> Node:
        raise Unreadable("ANY")

    def _interval(self) -> Node:
        if self.next_kind is not TokenKind.STRING:
            raise Unreadable("INTERVAL")
        return "cast", self._string(self.next()), "interval", True

    # Operators between two expressions

    def _infix(self, left: Node, tightness: int) -> Node | None:
        token = self.tokens[self.place]
        word = token.keyword
        if token.kind is TokenKind.SYMBOL:
            return self._operator(left, token.text, tightness)
        if word in ("OR", "AND"):
            own = Tightness.OR if word == "OR" else Tightness.AND
            return self._junction(left, word.lower(), own) if own > tightness else None
        if word in ("IS", "ISNULL", "NOTNULL"):
            return self._is(left) if tightness < Tightness.IS else None
        if word in PATTERN_WORDS or (word == "NOT" and self._is_pattern_next()):
            return self._pattern(left) if tightness < Tightness.PATTERN else None
        if word in ("COLLATE", "AT"):
            return self._suffix(left, word) if tightness < Tightness.CAST else None
        if word in ("DIV", "MOD") and tightness < Tightness.PRODUCT:
            return self._binary(left, "%" if word == "MOD" else "div", Tightness.PRODUCT)
        return None

    def _is_pattern_next(self) -> bool:
        following = self.tokens[self.place + 1 : self.place + 2]
        return bool(following) and following[0].keyword in PATTERN_WORDS

    def _operator(self, left: Node, symbol: str, tightness: int) -> Node | None:
        if symbol in (")", "]", ",", ";"):
            return None
        if symbol == "::":
            return self._colon_cast(left) if tightness < Tightness.CAST else None
        if symbol == "[":
            return self._subscript(left) if tightness < Tightness.CAST else None
        symbol = {"!=": "<>", "==": "="}.get(symbol, symbol)
        own = tightness_of(symbol)
        if own <= tightness:
            return None
        if symbol in ("=", "<>") and self._is_quantified():
            return self._membership(left, symbol)
        return self._binary(left, symbol, own)

    def _binary(self, left: Node, symbol: str, own: int) -> Node:
        self.next()
        right = self.expression(own)
        if symbol in LIKE:
            name, is_negated = LIKE[symbol]
            node: Node = ("operator", name, left, right)
            return negated(node) if is_negated else node
        return "operator", symbol, left, right

    def _junction(self, left: Node, word: str, own: int) -> Node:
        self.next()
        right = self.expression(own)
        return junction(word, left, right)

    def _is(self, left: Node) -> Node:
        word = self.next().keyword
        if word in ("ISNULL", "NOTNULL"):
            node: Node = ("is", left, "null")
            return node if word == "ISNULL" else negated(node)
        is_negated = bool(self.accept("NOT"))
        if self.accept("DISTINCT"):
            self.expect("FROM")
            node = ("distinct", left, self.expression(Tightness.IS))
        else:
            found = self.accept("NULL", "TRUE", "FALSE", "UNKNOWN")
            node = ("is", left, found.lower()) if found else ("is", left, self.expression(Tightness.IS))
        return negated(node) if is_negated else node

    def _pattern(self, left: Node) -> Node:
        is_negated = bool(self.accept("NOT"))
        word = self.next().keyword
        if word == "IN":
            self.expect("(")
            if self.at("SELECT", "VALUES", "WITH"):
                raise Unreadable("a query")
            node = is_one_of(left, self._list(")"))
        elif word == "BETWEEN":
            node = self._between(left)
        else:
            if word == "SIMILAR":
                self.expect("TO")
            node = ("operator", word.lower(), left, self.expression(Tightness.PATTERN))
            if self.accept("ESCAPE"):
                node = ("escape", node, self.expression(Tightness.PATTERN))
        return negated(node) if is_negated else node

    def _between(self, left: Node) -> Node:
        self.accept("SYMMETRIC", "ASYMMETRIC")
        low = self.expression(Tightness.PATTERN)
        self.expect("AND")
        high = self.expression(Tightness.PATTERN)
        return junction("and", ("operator", ">=", left, low), ("operator", "<=", left, high))

    def _is_quantified(self) -> bool:
        following = self.tokens[self.place + 1 : self.place + 3]
        return len(following) == 2 and following[0].keyword in ("ANY", "ALL", "SOME") and following[1].text == "("

    def _membership(self, left: Node, symbol: str) -> Node:
        """`= ANY (ARRAY[...])`, which is IN, and `<> ALL (ARRAY[...])`, which is NOT IN."""
        self.next()
        word = self.next().keyword
        self.expect("(")
        (found,) = self._list(")")[:1] or (("array",),)
        array = without_casts(found)
        is_list = array[0] == "array" and (word == "ALL") == (symbol == "<>")
        if not is_list:
            return "operator", f"{symbol} {word.lower()}", left, found
        node = is_one_of(left, list(array[1:]))
        return negated(node) if symbol == "<>" else node

    def _suffix(self, left: Node, word: str) -> Node:
        self.next()
        if word == "AT":
            self.expect("TIME")
            self.expect("ZONE")
            return "zone", left, self.expression(Tightness.CAST)
        names = [self.name(self.next())]
        while self.accept("."):
            names.append(self.name(self.next()))
        return "collate", left, names[-1]

    def _colon_cast(self, left: Node) -> Node:
        self.next()
        name = self.sql_type()
        may_be_added = left[0] in ("string", "number", "array") or name in self.rules.added_casts
        return cast_of(left, name, may_be_added=may_be_added)

    def _subscript(self, left: Node) -> Node:
        self.next()
        return "subscript", left, *self._list("]")


_WORDS: Mapping[str, Callable[[TreeReader], Node]] = {
    "NOT": TreeReader._not,
    "CASE": TreeReader._case,
    "CAST": TreeReader._cast,
    "ARRAY": TreeReader._array,
    "ANY": TreeReader._quantified,
    "ALL": TreeReader._quantified,
    "EXISTS": TreeReader._quantified,
    "INTERVAL": TreeReader._interval,
    "NULL": lambda reader: ("null",),
}
