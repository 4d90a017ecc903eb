"""After a migration that failed, the hint is the command that goes on with what was typed."""

import pytest
from support.commands import run_command

from alembic_manage import RevisionFailedError
from alembic_manage.commands import migrate, rollback

FAIL = 'op.execute("SELECT missing FROM nowhere")'


@pytest.fixture
def shop(tiny_project):
    """Four migrations are applied, and the second of them cannot be taken back."""
    tiny_project.revision("a")
    tiny_project.revision("b", downgrade=FAIL, down="a")
    tiny_project.revision("c", down="b")
    tiny_project.revision("d", down="c")
    tiny_project.migrate()
    return tiny_project


def hint(command, project, *argv):
    with pytest.raises(RevisionFailedError) as caught:
        run_command(command, project, *argv)
    return caught.value.hint.partition("python manage.py ")[2]


@pytest.mark.parametrize(
    ("command", "argv", "again"),
    [
        (migrate, ["zero"], "migrate zero"),
        (migrate, ["a"], "migrate a"),
        (migrate, ["-3"], "migrate -1"),
        (migrate, ["zero", "--keep-data"], "migrate zero --keep-data"),
        (rollback, ["a"], "rollback a"),
        (rollback, ["3"], "rollback 1"),
        (rollback, ["d@-3"], "rollback d@-1"),
        (rollback, ["--batch", "--accept-data-loss"], "rollback --batch --accept-data-loss"),
        (rollback, ["--to-time", "2026-01-01T00:00+00:00"], "rollback --to-time 2026-01-01T00:00:00+00:00"),
    ],
)
def test_a_way_down_goes_on_with_what_was_typed(shop, command, argv, again):
    assert hint(command, shop, *argv) == again
    assert shop.recorded == {"b"}
    assert hint(command, shop, *again.split()[1:]) == again


@pytest.mark.parametrize(
    ("argv", "again"),
    [
        ([], "migrate"),
        (["f"], "migrate f"),
        (["+2"], "migrate +1"),
        (["--phase", "expand"], "migrate --phase expand"),
    ],
)
def test_a_way_up_goes_on_with_what_was_typed(shop, argv, again):
    shop.revision("e", down="d")
    shop.revision("f", FAIL, down="e")
    assert hint(migrate, shop, *argv) == again
    assert hint(migrate, shop, *again.split()[1:]) == again
