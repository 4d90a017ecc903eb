"""Detections without a project: the schema before in memory, and models beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.operations import ops
from sqlalchemy import MetaData

from alembic_manage.autodetect.batches import grouped
from alembic_manage.autodetect.detection import Detection, Pass
from alembic_manage.operations.steps import flattened
from alembic_manage.questions import Answer
from support.autodetection import Answers
from support.states import State


def detection(
    before: MetaData, models: MetaData, name: str = "postgresql", answers: Mapping[str, Answer] | Answers | None = None
) -> Detection:
    """A detection.

    Args:
        before: the tables that there are.
        models: the tables that are wanted.
        name: SQLAlchemy's name of the kind of database.
        answers: what a person says.
    """
    state = State(name, before)
    state.interpreter.show_all()
    context = MigrationContext.configure(
        state.engine.connect(),
        opts={"target_metadata": models, "compare_type": True, "compare_server_default": True},
    )
    project = SimpleNamespace(aliases=("default",), database=lambda alias: SimpleNamespace(dialect=state.schema.rules))
    environment: Any = SimpleNamespace(project=project)
    questioner = answers if isinstance(answers, Answers) else Answers(answers)
    return Detection(environment, context, questioner)


def operations_of(found: Detection) -> list[ops.MigrateOperation]:
    """What Alembic and the suite's comparators find, one after the other."""
    script = produce_migrations(found.context, found.context.opts["target_metadata"])
    assert script.upgrade_ops is not None
    return list(flattened(script.upgrade_ops.ops))


def written(
    operations: Iterable[ops.MigrateOperation], found: Detection, *, in_batches: bool = False
) -> tuple[list[str], list[str]]:
    """The lines of upgrade() and of downgrade(); each operation on one line."""
    up = list(operations)
    down = [operation.reverse() for operation in reversed(up)]
    return _lines(up, found, in_batches), _lines(down, found, in_batches)


def after_passes(passes: Iterable[Pass], found: Detection) -> list[ops.MigrateOperation]:
    """What is left of the differences after some passes."""
    operations = operations_of(found)
    for each in passes:
        operations = each(operations, found)
    return operations


def _lines(operations: list[ops.MigrateOperation], found: Detection, in_batches: bool) -> list[str]:
    container = ops.UpgradeOps(grouped(flattened(operations)))
    source = render_python_code(container, render_as_batch=in_batches, migration_context=found.context)
    marker = "# ###"
    lines = [line.strip() for line in source.splitlines() if line.strip() and not line.strip().startswith(marker)]
    return _joined(lines)


def _joined(lines: list[str]) -> list[str]:
    """Calls that go over several lines, on one."""
    found: list[str] = []
    for line in lines:
        if found and not found[-1].startswith("#") and found[-1].count("(") > found[-1].count(")"):
            found[-1] += f" {line}"
        else:
            found.append(line)
    return found
