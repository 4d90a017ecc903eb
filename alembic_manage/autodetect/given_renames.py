"""What options and models say about names, before anybody is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from alembic_manage.autodetect.candidates import Offer, Path
from alembic_manage.autodetect.detection import Detection
from alembic_manage.autodetect.rename_paths import renames_in_models


@dataclass(frozen=True)
class GivenRename:
    """A rename that needs no question."""

    said: str
    """The old path as it was given."""
    old: str
    """The old path, with its table under the name that it has by now."""
    new: str


class GivenRenames:
    """The renames of --rename and of the models, and the paths of --no-rename.

    Args:
        detection: whose options and models count; it learns which of the options were of use.
    """

    def __init__(self, detection: Detection) -> None:
        self._options = detection.given
        said = {**renames_in_models(detection.model_tables), **detection.given.renames}
        self._renames = [GivenRename(old, old, new) for old, new in said.items()]
        self._dropped = {path: path for path in detection.given.not_renamed}

    @property
    def dropped(self) -> Collection[str]:
        """The paths of what goes, whatever it looks like, with tables under the names that they have by now."""
        return self._dropped.keys()

    def refuse(self, path: Path) -> bool:
        """Whether an option says that something is dropped, and no rename."""
        said = self._dropped.get(str(path))
        if said is not None:
            self._options.used.add(said)
        return said is not None

    def between(
        self, before: Mapping[str, Path], after: Mapping[str, Path], offers: Sequence[Offer]
    ) -> dict[Path, Path]:
        """The renames from something that there was to something that there is.

        Args:
            before: what there was, by its path in text.
            after: what there is.
            offers: what the definitions say.
        """
        found: dict[Path, Path] = {}
        offered = {(str(offer.old), str(each.new)) for offer in offers for each in offer.candidates}
        for each in self._renames:
            if each.old in before and each.new in after:
                self._options.used.add(each.said)
                is_open = each.said in self._options.renames or not self._is_done(each, before, offered)
                if before[each.old] != after[each.new] and is_open:
                    found[before[each.old]] = after[each.new]
        return found

    def _is_done(self, rename: GivenRename, before: Collection[str], offered: Collection[tuple[str, str]]) -> bool:
        """Whether the migration for what a model says is written already: the model says it afterwards too."""
        targets = {each.old: each.new for each in self._renames}
        if _is_in_circle(rename.old, targets):
            # The names are the same before and after: only the definitions can tell.
            return (rename.old, rename.new) not in offered
        return rename.new in before and rename.new not in targets

    def follow(self, renamed: Mapping[Path, Path]) -> None:
        """Put tables under their new names.

        Where another table took the name, as in a swap, the new path tells which of the two the old one means.
        """
        tables = {str(old): str(new) for old, new in renamed.items() if old.name is None}
        names = set(tables.values())

        def followed(path: str, new: str) -> str:
            table, _, name = path.rpartition(".")
            is_new_name = table in names and new.startswith(f"{table}.")
            return path if table not in tables or is_new_name else f"{tables[table]}.{name}"

        self._renames = [
            GivenRename(each.said, followed(each.old, each.new), followed(each.new, each.new)) for each in self._renames
        ]
        self._dropped = {followed(path, path): said for path, said in self._dropped.items()}


def _is_in_circle(name: str, targets: Mapping[str, str]) -> bool:
    """Whether names go from one to the next until the first one is there again."""
    seen: set[str] = set()
    at = name
    while at in targets and at not in seen:
        seen.add(at)
        at = targets[at]
    return at == name and bool(seen)
