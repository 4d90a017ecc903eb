"""What kind of values a type holds, as far as it decides what becomes of them when the type changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import types

from alembic_manage.autodetect.steps.neutral_value import plain_type

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

    from alembic_manage.dialects import Dialect as Rules


@dataclass(frozen=True)
class TypeKind:
    """A type, without what makes no difference."""

    name: str
    """"text", "integer", "number", "float", "boolean", "date", "time", "timestamp", "timestamptz", "interval", "uuid",
    "json", "bytes", "enum" or "other"."""
    size: int | None = None
    """Most characters of a text, bits of an integer, binary digits of a float, digits behind a second; None for no
    limit."""
    precision: int | None = None
    """Digits of a number; None for no limit."""
    scale: int = 0
    """Digits of it behind the point."""
    unsigned: bool = False
    labels: tuple[str, ...] = ()
    """Of an enum."""

    @property
    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest integer."""
        assert self.size is not None
        return (0, 2**self.size - 1) if self.unsigned else (-(2 ** (self.size - 1)), 2 ** (self.size - 1) - 1)

    @property
    def width(self) -> int | None:
        """Most characters of a value as text; None where there is no limit, or none is known."""
        if self.name == "integer" and self.size is not None:
            return max(len(str(bound)) for bound in self.bounds)
        if self.name == "number" and self.precision is not None:
            return self.precision + 2
        if self.name == "enum":
            return max(map(len, self.labels), default=0)
        return self.size if self.name == "text" else _WIDTHS.get(self.name)


_WIDTHS = {"boolean": 5, "date": 10, "time": 15, "timestamp": 26, "timestamptz": 32, "uuid": 36, "float": 24}
_BITS = ((types.SmallInteger, 16), (types.BigInteger, 64), (types.Integer, 32))


def kind_of(type_: TypeEngine[Any], dialect: Dialect, rules: Rules) -> TypeKind:
    """The kind of a type.

    Args:
        type_: of a column.
        dialect: SQLAlchemy's.
        rules: of the same database.
    """
    plain: Any = plain_type(type_, dialect)
    word = str(getattr(plain, "__visit_name__", "")).lower()
    if isinstance(plain, types.Boolean) or (word == "tinyint" and plain.display_width == 1):
        return TypeKind("boolean")
    if isinstance(plain, types.Enum):
        return TypeKind("enum", labels=tuple(plain.enums))
    if isinstance(plain, types.Integer):
        bits = rules.integer_bits.get(word) or next(bits for kind, bits in _BITS if isinstance(plain, kind))
        return TypeKind("integer", bits, unsigned=bool(getattr(plain, "unsigned", False)))
    if isinstance(plain, types.Float) or word in ("float", "double", "real", "double_precision"):
        return TypeKind("float", rules.float_bits.get(word, 53))
    if isinstance(plain, types.Numeric):
        precision = plain.precision or rules.number_digits
        return TypeKind("number", precision=precision, scale=plain.scale or 0 if precision else 0)
    if isinstance(plain, types.DateTime):
        zoned = bool(plain.timezone) and rules.timestamps_have_zones
        return TypeKind("timestamptz" if zoned else "timestamp", _fraction(plain, rules))
    if isinstance(plain, types.Time):
        return TypeKind("time", _fraction(plain, rules))
    if isinstance(plain, types.String):
        return TypeKind("text", plain.length or rules.text_lengths.get(word))
    if word == "interval":
        return TypeKind("interval")
    return TypeKind(next((name for kind, name in _OTHERS if isinstance(plain, kind)), "other"))


def _fraction(type_: Any, rules: Rules) -> int:
    """Digits behind a second."""
    given = getattr(type_, "fsp", None)
    given = getattr(type_, "precision", None) if given is None else given
    return rules.fraction_digits if given is None else int(given)


_OTHERS: tuple[tuple[type[Any], str], ...] = (
    (types.Date, "date"),
    (types.Interval, "interval"),
    (types.Uuid, "uuid"),
    (types.JSON, "json"),
    (types.LargeBinary, "bytes"),
    (types._Binary, "bytes"),
)
