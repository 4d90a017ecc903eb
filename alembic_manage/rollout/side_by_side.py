"""The revisions of a twin: it comes, it is filled, what depends on it is built, and it takes over."""

from __future__ import annotations

from alembic.operations import ops

from alembic_manage.operations import Backfill, FillRows, Remark, RenameColumn, Steps
from alembic_manage.rollout.dependents import Dependent
from alembic_manage.rollout.forms.not_null import closed
from alembic_manage.rollout.scene import Scene
from alembic_manage.rollout.server import Server
from alembic_manage.rollout.stage import Phase, Staged, Step, contract, expand
from alembic_manage.rollout.twin import Twin


def side_by_side(twin: Twin, scene: Scene) -> list[Staged]:
    """Everything that becomes of a twin."""
    server = scene.server
    first, second = twin.sql_names(server)
    added = server.added_column(twin.table, twin.schema, twin.bare(twin.second), twin.first_name)
    filled = Backfill(
        twin.table,
        twin.key,
        f"{second} = {twin.to_second(first)}",
        f"{second} IS NULL AND {first} IS NOT NULL",
        twin.schema,
    )
    staged = [*expand(Step.CHANGE, added, server.sync(twin)), *expand(Step.FILL, filled)]
    for each in twin.dependents.members:
        staged += _built(each, server)
    return [*staged, *_finished(twin, scene)]


def _built(dependent: Dependent, server: Server) -> list[Staged]:
    """An index or constraint, for the second column."""
    creation = dependent.second
    if isinstance(creation, ops.CreateIndexOp):
        return expand(Step.BUILD, server.built(creation))
    if isinstance(creation, ops.CreateForeignKeyOp):
        begin, look = server.foreign_key(creation)
        return [*expand(Step.ATTACH, begin), *expand(Step.VALIDATE, look)]
    return expand(Step.BUILD, *(server.unique(creation) or [creation]))


def _finished(twin: Twin, scene: Scene) -> list[Staged]:
    """The second column becomes what it is in the end, and the first one goes."""
    server = scene.server
    closing = twin.closed(twin.second)
    staged: list[Staged] = []
    for each in closing:
        if each.modify_nullable is False:
            staged += [_moved(part) for part in closed(each, Phase.EXPAND, scene)]
        else:
            staged += contract(Step.FINISH, each)
    remark = Remark(f"Its values are in {twin.final}.", twin.table, twin.schema)
    dropped = ops.DropColumnOp(twin.table, twin.first_name, schema=twin.schema)
    taken = Steps([*server.taken_over(twin, Steps([remark, dropped], []))], _way_back(twin, server))
    renames = [each.renamed for each in twin.dependents.members if each.renamed is not None]
    return [*staged, *contract(Step.FINISH, taken, *renames)]


def _moved(part: Staged) -> Staged:
    """What says NOT NULL waits for the last phase; what proves it need not."""
    return Staged(Phase.CONTRACT, part.step, part.operation) if part.step is Step.FINISH else part


def _way_back(twin: Twin, server: Server) -> list[ops.MigrateOperation]:
    """The first column comes back, filled from the second, with all that depends on it."""
    return _beside_new_code(twin, server) if twin.both_write else _at_once(twin, server)


def _beside_new_code(twin: Twin, server: Server) -> list[ops.MigrateOperation]:
    """In portions, while the new code runs: it does not know the first column, and the trigger fills it from now on."""
    first, second = twin.sql_names(server)
    filling = Backfill(
        twin.table,
        twin.key,
        f"{first} = {twin.to_first(second)}",
        f"{first} IS NULL AND {second} IS NOT NULL",
        twin.schema,
    )
    added = server.added_column(twin.table, twin.schema, twin.bare(twin.first), twin.place)
    rest = [*twin.closed(twin.first), *(each.first for each in twin.dependents.members)]
    return [added, server.sync(twin), filling, *rest]


def _at_once(twin: Twin, server: Server) -> list[ops.MigrateOperation]:
    """The first column takes its name back: code that reads it meanwhile would find it empty, so nobody may."""
    second = server.quoted(twin.second_name)
    return [
        RenameColumn(twin.table, twin.final, twin.second_name, twin.schema, in_sql=True),
        server.added_column(twin.table, twin.schema, twin.bare(twin.first), twin.place),
        FillRows(twin.table, twin.first_name, twin.to_first(second), twin.schema, f"{second} IS NOT NULL"),
        *twin.closed(twin.first),
        *(each.first for each in twin.dependents.members),
        server.sync(twin),
    ]
