"""Comments that silence findings: `# lint: ignore adding-index -- the table is empty`."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic_manage.lint.finding import Finding

_COMMENT = re.compile(
    r"#\s*lint:\s*ignore\b\s*(?P<rules>\w[\w-]*(?:\s*,\s*\w[\w-]*)*)?\s*(?:--\s*(?P<reason>.*\S))?", re.IGNORECASE
)


@dataclass
class Silence:
    """One comment, or one entry of LINT_IGNORE."""

    rules: tuple[str, ...]
    """The ids of the rules; empty where none is named."""
    reason: str | None
    line: int | None
    """Of the comment; None for an entry of the settings."""
    lines: range | None
    """The lines of the file that it holds for; None for all."""
    is_used: set[str] = field(default_factory=set)
    """The rules of which it took a finding away."""

    def covers(self, finding: Finding) -> bool:
        """Whether it takes a finding away."""
        if finding.rule not in self.rules:
            return False
        return self.lines is None or (finding.line is not None and finding.line in self.lines)


def silences_of(source: str) -> list[Silence]:
    """The comments of a revision file that silence findings, in order.

    A comment holds for the statement that it stands in, above or behind; outside of functions for the whole file.
    """
    if "lint:" not in source:
        return []
    try:
        comments = list(_comments(source))
        spans = list(_spans(ast.parse(source)))
    except (SyntaxError, tokenize.TokenError):
        return []
    return [_silence(line, match, alone, spans) for line, match, alone in comments]


def _comments(source: str) -> Iterator[tuple[int, re.Match[str], bool]]:
    """Line and text of each comment, and whether it stands on a line of its own."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        match = _COMMENT.match(token.string) if token.type == tokenize.COMMENT else None
        if match is not None:
            yield token.start[0], match, not token.line[: token.start[1]].strip()


@dataclass(frozen=True)
class _Span:
    """The lines of a statement in a function; of one that holds others also those."""

    first: int
    last: int


def _spans(tree: ast.Module) -> Iterator[_Span]:
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.stmt):
                    yield _Span(node.lineno, node.end_lineno or node.lineno)


def _silence(line: int, match: re.Match[str], alone: bool, spans: Sequence[_Span]) -> Silence:
    rules = tuple(name.strip() for name in (match["rules"] or "").split(",") if name.strip())
    around = [span for span in spans if span.first <= line <= span.last]
    if not around:
        return Silence(rules, match["reason"], line, None)
    # The innermost statement around it; on a line of its own in a block it is about the one that follows.
    inner = min(around, key=lambda span: span.last - span.first)
    following = [span for span in spans if line < span.first and span.last <= inner.last] if alone else []
    if following:
        inner = min(following, key=lambda span: (span.first, span.first - span.last))
    return Silence(rules, match["reason"], line, range(inner.first, inner.last + 1))


def without_silenced(findings: Sequence[Finding], silences: Sequence[Silence]) -> list[Finding]:
    """The findings that nothing silences; the silences remember what they took away."""
    left = []
    for finding in findings:
        taking = [silence for silence in silences if silence.covers(finding)]
        for silence in taking:
            silence.is_used.add(finding.rule)
        if not taking:
            left.append(finding)
    return left
