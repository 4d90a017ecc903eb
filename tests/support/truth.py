"""A questioner that knows what was really done to the models."""

from __future__ import annotations

from collections.abc import Mapping

from alembic_manage.dialects import Dialect
from alembic_manage.questions import (
    Answer,
    Dropped,
    NotNullQuestion,
    Proceed,
    Question,
    Renamed,
    RenameQuestion,
)
from alembic_manage.questions.values import parse_value
from support.autodetection import Answers
from support.schemas import SchemaSpec


class Truth(Answers):
    """Says yes to the renames that were made, and no to the others; rows get an example of the type.

    Args:
        rules: of the database.
        renames: the new names by the old ones, with as much of their path as tells them apart: "orders.placed",
            or "placed" alone.
    """

    def __init__(self, rules: Dialect, renames: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.rules = rules
        self.renames = dict(renames or {})

    def ask(self, question: Question) -> Answer:
        """The truth."""
        self.asked.append(question)
        if isinstance(question, RenameQuestion):
            return self._renamed(question)
        return _loses_nothing(question, self.rules)

    def _renamed(self, question: RenameQuestion) -> Answer:
        new = next((new for old, new in self.renames.items() if _ends(question.path, old)), None)
        found = [path for path, _ in question.candidates if new is not None and _ends(path, new)]
        return Renamed(found[0]) if found else Dropped()


def _loses_nothing(question: Question, rules: Dialect) -> Answer:
    """An example of the type for rows without a value; for the rest the safe answer, or to go on."""
    if isinstance(question, NotNullQuestion):
        return parse_value(question.example, question.type_text, rules)
    return question.safe_answer or Proceed()


def _ends(path: str, name: str) -> bool:
    return path == name or path.endswith(f".{name}")


class KnownEdits(Answers):
    """Knows from two schemas which part became which.

    Args:
        rules: of the database.
        before: the models before.
        after: the models that were made of them.
    """

    def __init__(self, rules: Dialect, before: SchemaSpec, after: SchemaSpec) -> None:
        super().__init__()
        self.rules = rules
        self.before = before
        self.after = after
        self.renamed: set[int] = set()
        """The numbers of tables, columns and enum values whose rename was asked about."""

    @property
    def missed(self) -> list[str]:
        """Renames of tables, columns and values of enums that nothing asked for."""
        values = {f"{enum}.{old}": found for (enum, old), found in self.label_renames().items()}
        known = {**self.renames(), **values}
        return [old for old, (uid, _) in known.items() if uid not in self.renamed]

    @property
    def dropped(self) -> frozenset[str]:
        """The paths of tables and columns whose names something else gets."""
        tables = {table.path: table for table in self.before.tables}
        renames = self.renames()
        found = set()
        for old, (_, new) in renames.items():
            if old in tables:
                found |= {new} if new in tables and new not in renames else set()
            else:
                table, column = tables[old.rpartition(".")[0]], new.rpartition(".")[2]
                other = f"{table.path}.{column}"
                is_taken = column in {each.name for each in table.columns} and not self._gets_another_name(other)
                found |= {other} if is_taken else set()
        return frozenset(found)

    def _gets_another_name(self, path: str) -> bool:
        """Whether a column is called differently afterwards, its table aside."""
        _, new = self.renames().get(path, (0, path))
        return new.rpartition(".")[2] != path.rpartition(".")[2]

    def options(self) -> dict[str, str]:
        """What --rename says about them, the values of an enum by every path that they may have."""
        found = {old: new for old, (_, new) in self.renames().items()}
        after = {column.uid: column.name for table in self.after.tables for column in table.columns}
        paths = {table.uid: table.path for table in self.after.tables}
        for (enum, old), (_, new) in self.label_renames().items():
            found[f"{enum}.{old}"] = f"{enum}.{new}"
            for table in self.before.tables:
                for column in table.columns:
                    is_of = column.kind.startswith("enum:") and self.before.enum(column).name == enum
                    if is_of and column.uid in after and table.uid in paths:
                        place = f"{paths[table.uid]}.{after[column.uid]}"
                        found[f"{place}.{old}"] = f"{place}.{new}"
        return found

    def renames(self) -> dict[str, tuple[int, str]]:
        """Number and new path by the old path, of the tables and columns with another name."""
        found: dict[str, tuple[int, str]] = {}
        after = {table.uid: table for table in self.after.tables}
        for table in self.before.tables:
            new = after.get(table.uid)
            if new is None:
                continue
            if new.path != table.path:
                found[table.path] = table.uid, new.path
            names = {column.uid: column.name for column in new.columns}
            for column in table.columns:
                if column.uid in names and names[column.uid] != column.name:
                    found[f"{table.path}.{column.name}"] = column.uid, f"{new.path}.{names[column.uid]}"
        return found

    def label_renames(self) -> dict[tuple[str, str], tuple[int, str]]:
        """Number and new value by the enum's name and the old value."""
        after = {uid: label for enum in self.after.enums for uid, label in enum.labels}
        return {
            (enum.name, label): (uid, after[uid])
            for enum in self.before.enums
            for uid, label in enum.labels
            if enum.uid in self.before.used_enums & self.after.used_enums and uid in after and after[uid] != label
        }

    def ask(self, question: Question) -> Answer:
        """The truth."""
        self.asked.append(question)
        if isinstance(question, RenameQuestion) and question.kind in ("table", "column", "enum value"):
            uid, new = self._what_became_of(question)
            offered = [path for path, _ in question.candidates if path == new]
            if offered:
                self.renamed.add(uid)
            return Renamed(offered[0]) if offered else Dropped()
        return _loses_nothing(question, self.rules)

    def _what_became_of(self, question: RenameQuestion) -> tuple[int, str]:
        """Number and new path; 0 where it is gone."""
        if question.kind == "enum value":
            return self._label(question)
        renames = self.renames()
        if question.path in renames:
            return renames[question.path]
        # A column whose table has its new name already.
        tables = {new: old for old, (_, new) in renames.items()}
        table, _, column = question.path.rpartition(".")
        return renames.get(f"{tables.get(table, table)}.{column}", (0, ""))

    def _label(self, question: RenameQuestion) -> tuple[int, str]:
        for (_, old), (uid, new) in self.label_renames().items():
            path = question.path.removesuffix(old)
            if path != question.path and any(f"{path}{new}" == each for each, _ in question.candidates):
                return uid, f"{path}{new}"
        return 0, ""
