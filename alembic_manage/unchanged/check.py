"""Whether the models are those of a comparison that found nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alembic_manage.unchanged.digest import digest, digest_of_revisions
from alembic_manage.unchanged.record import Records, Unchanged
from alembic_manage.unchanged.surroundings import has_own_env_py, surroundings_of

if TYPE_CHECKING:
    from alembic_manage.project import Project
    from alembic_manage.unchanged.models import Fingerprints


def is_unchanged(project: Project, alias: str, surroundings: str | None = None) -> bool:
    """Whether a comparison of models and history is known to find nothing; False where that is not known.

    Neither Alembic nor env.py nor a revision is imported, and no database is asked: only the models are imported. It is
    never known where env.py is not the suite's own, as that may hand anything to Alembic, or where the models lead to a
    function that takes part in comparisons.

    Args:
        project: whose models and revisions count.
        alias: of the database whose kind counts.
        surroundings: what `surroundings_of` gives for both, where somebody has asked already.

    Raises:
        ModelsError: a models module raises.
        SettingsError: a setting has the wrong shape.
    """
    if project.settings.env_context is not None or not has_own_env_py(project):
        return False
    records = Records(project.root, surroundings or surroundings_of(project, alias)).read()
    fitting = {record.models for record in records if _has_same_history(project.root, record)}
    if not fitting:
        return False
    from alembic_manage.unchanged.hooks import are_known
    from alembic_manage.unchanged.models import fingerprints_of

    metadata = project.metadata
    dialect = project.database(alias).url.get_dialect()()
    return digest_of_models(fingerprints_of(metadata, dialect)) in fitting and are_known()


def remember_unchanged(
    project: Project,
    surroundings: str,
    *,
    folders: Sequence[Path],
    recursive: bool,
    files: Mapping[str, str],
    fingerprints: Fingerprints,
) -> None:
    """Keep that a comparison of models and history found nothing, for `is_unchanged`.

    Args:
        project: as there.
        surroundings: as there, from before the comparison.
        folders: the version folders.
        recursive: whether folders below them count.
        files: the project's files that the revisions read, by their paths in it, with the digest of each.
        fingerprints: of the models, from before the comparison.
    """
    revisions = digest_of_revisions(folders, project.root, recursive=recursive)
    models = digest_of_models(fingerprints)
    if models is not None and revisions is not None and has_own_env_py(project):
        record = Unchanged(tuple(map(str, folders)), recursive, revisions, dict(files), models)
        Records(project.root, surroundings).add(record)


def digest_of_models(fingerprints: Fingerprints) -> str | None:
    """One digest of all fingerprints; None where one of them cannot be known, or there are no models."""
    if not fingerprints.are_known or not fingerprints.tables:
        return None
    tables = (part for key, found in fingerprints.tables.items() for part in (key, found or ""))
    return digest([fingerprints.rest or "", *tables])


def _has_same_history(root: Path, record: Unchanged) -> bool:
    folders = [Path(folder) for folder in record.folders]
    return record.has_same_files(root) and record.revisions == digest_of_revisions(
        folders, root, recursive=record.recursive
    )
