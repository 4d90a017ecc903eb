"""makemigrations with a person: every question, every branch, and every way out, which writes nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from support.failures import nothing_written
from support.projects import MakeProject, ProjectFolder, Result
from support.terminal import CTRL_C, CTRL_D, on_terminal

MODELS = "myproject/models.py"
# A server that does not run: questions need none.
URL = "postgresql+psycopg://shop@127.0.0.1:1/shop"
YES_OR_NO = "Your answer (y, n, q): "
TWO = "Your answer (1, 2, q): "
THREE = "Your answer (1, 2, 3, q): "
NUMBER = "Type a value of INTEGER, such as 0: "
STAYS = "Type one of open, paid: "
TEXT = "Type a value of VARCHAR(5), such as '': "

# What is changed in the models, by the question that it brings up.
CHANGES = {
    "rename": ("    placed:", "    placed_at:"),
    "not null": ("total: Mapped[int | None]", "total: Mapped[int]"),
    "new column": ("    total:", "    size: Mapped[int]\n    total:"),
    "unique": ("mapped_column(String(20))", "mapped_column(String(20), unique=True)"),
    "type": (
        "placed: Mapped[str | None] = mapped_column(String(10)",
        "placed: Mapped[str | None] = mapped_column(String(5)",
    ),
    "removed value": ('    lost = "lost"\n', ""),
    "enum value": ('lost = "lost"', 'lost_parcel = "lost_parcel"'),
    "table": ('__tablename__ = "orders"', '__tablename__ = "purchases"'),
    "index": ('"ix": "ix_', '"ix": "idx_'),
}
Answers = Sequence[tuple[str, str]]


@pytest.fixture
def orders(make_project: MakeProject) -> ProjectFolder:
    """A table of orders, and its migration."""
    return make_project("orders", URL)


def changed(project: ProjectFolder, *changes: str) -> ProjectFolder:
    """The project with these changes in its models."""
    for change in changes:
        project.replace(MODELS, *CHANGES[change])
    return project


def written(project: ProjectFolder) -> str:
    """The upgrade() of the migration that was written."""
    (path,) = project.versions.glob("0002_*.py")
    return path.read_text(encoding="utf-8").partition("def upgrade")[2].partition("def downgrade")[0]


def answered(project: ProjectFolder, *answers: tuple[str, str]) -> Result:
    """What the screen showed, once each text was answered; the migration is written."""
    result = on_terminal(project, "makemigrations", answers=answers)
    assert result.returncode == 0, result.stdout
    return result


@pytest.mark.parametrize(
    ("change", "answers", "has"),
    [
        ("table", [(YES_OR_NO, "y")], ['op.rename_table("orders", "purchases")']),
        ("table", [(YES_OR_NO, "n")], ['op.drop_table("orders")', 'op.create_table(\n        "purchases"']),
        ("enum value", [(YES_OR_NO, "y")], ["RENAME VALUE 'lost' TO 'lost_parcel'"]),
        ("removed value", [(THREE, "1"), (STAYS, "paid")], ["'paid'"]),
        ("removed value", [(THREE, "2")], ["status"]),
        ("rename", [(YES_OR_NO, "y")], ['new_column_name="placed_at"']),
        ("rename", [(YES_OR_NO, "no")], ['op.drop_column("orders", "placed")', '"placed_at"']),
        ("not null", [(TWO, "1"), (NUMBER, "7")], ["SET total = 7", "nullable=False"]),
        ("new column", [(TWO, "1"), (NUMBER, "7")], ["7", '"size"']),
        ("new column", [(TWO, "2")], ['"size", sa.Integer(), nullable=True']),
        ("unique", [(TWO, "1")], ["create_unique_constraint"]),
        ("type", [(THREE, "1")], ["type_=sa.String(length=5)"]),
        ("type", [(THREE, "2"), (TEXT, "short")], ["'short'"]),
    ],
)
def test_answer_is_written(orders: ProjectFolder, change: str, answers: Answers, has: list[str]) -> None:
    answered(changed(orders, change), *answers)
    text = written(orders)
    assert [part for part in has if part not in text] == []


@pytest.mark.parametrize(
    ("change", "answers"),
    [("not null", [(TWO, "2")]), ("unique", [(TWO, "2")]), ("type", [(THREE, "3")]), ("removed value", [(THREE, "3")])],
)
def test_what_is_left_for_later_leaves_nothing_to_write(orders: ProjectFolder, change: str, answers: Answers) -> None:
    changed(orders, change)
    with nothing_written(orders, database=False):
        assert answered(orders, *answers).stdout.endswith("No changes detected\n")


def test_question_is_shown_with_its_choices(orders: ProjectFolder) -> None:
    assert answered(changed(orders, "rename"), (YES_OR_NO, "y")).stdout.startswith(
        "Was the column orders.placed renamed to orders.placed_at?\n"
        "  [y] yes, renamed\n"
        "  [n] no, dropped with its data\n"
        "  [q] quit; nothing is written\n"
        "Your answer (y, n, q): y\n"
    )


def test_enter_and_what_is_no_answer_ask_again(orders: ProjectFolder) -> None:
    again = "Please type one of: y, n, q: "
    result = answered(changed(orders, "rename"), (YES_OR_NO, ""), (again, "1"), (again, "perhaps"), (again, "Y"))
    assert result.stdout.count(again) == 3
    assert "new_column_name" in written(orders)


def test_value_that_does_not_fit_is_asked_for_again_with_the_reason(orders: ProjectFolder) -> None:
    again = "Please type a value of INTEGER, such as 0: "
    answered(
        changed(orders, "not null"),
        *((TWO, "1"), (NUMBER, ""), (f"An empty text is typed as ''. {again}", "abc")),
        *((f"abc is no INTEGER. {again}", "null"), (f"NULL is what the column cannot be. {again}", "0")),
    )
    assert "SET total = 0" in written(orders)


def test_several_questions_come_one_after_the_other(orders: ProjectFolder) -> None:
    changed(orders, "rename", "not null", "unique")
    answered(orders, (YES_OR_NO, "y"), (TWO, "1"), (NUMBER, "7"), (TWO, "1"))
    text = written(orders)
    assert [part in text for part in ("placed_at", "SET total = 7", "uq_orders_code")] == [True, True, True]


def test_what_can_lose_nothing_is_said_and_not_asked(orders: ProjectFolder) -> None:
    assert answered(changed(orders, "index")).stdout.startswith(
        "Taken as renamed: the index orders.ix_orders_placed to orders.idx_orders_placed. "
        "Otherwise: --no-rename orders.ix_orders_placed\n"
    )
    assert "RENAME TO idx_orders_placed" in written(orders)


@pytest.mark.parametrize(
    ("way", "code", "says"),
    [
        ("q", 3, "You quit; nothing was written."),
        ("quit", 3, "You quit; nothing was written."),
        (CTRL_C, 130, "Interrupted"),
        (CTRL_D, 3, "The input ended before the question was answered"),
    ],
)
@pytest.mark.parametrize(
    ("changes", "before", "at"),
    [
        (("rename",), [], YES_OR_NO),
        (("unique", "not null"), [(TWO, "2")], TWO),
        (("removed value",), [], THREE),
    ],
)
def test_way_out_writes_nothing(
    orders: ProjectFolder, changes: Sequence[str], before: Answers, at: str, way: str, code: int, says: str
) -> None:
    changed(orders, *changes)
    with nothing_written(orders, database=False):
        result = on_terminal(orders, "makemigrations", answers=[*before, (at, way)])
    assert (result.returncode, says in result.stdout, "Traceback" in result.stdout) == (code, True, False), (
        result.stdout
    )


@pytest.mark.parametrize(("way", "code"), [(CTRL_C, 130), (CTRL_D, 3)])
def test_way_out_where_a_value_is_typed_writes_nothing(orders: ProjectFolder, way: str, code: int) -> None:
    changed(orders, "not null")
    with nothing_written(orders, database=False):
        result = on_terminal(orders, "makemigrations", answers=[(TWO, "1"), (NUMBER, way)])
    assert (result.returncode, "Traceback" in result.stdout) == (code, False), result.stdout


@pytest.mark.parametrize("args", [(), ("--against", "scratch")])
def test_one_ctrl_c_is_enough_with_an_asyncio_driver(make_project: MakeProject, args: Sequence[str]) -> None:
    project = make_project("orders")
    project.url = project.url.replace("sqlite:", "sqlite+aiosqlite:")
    # What the first migration has of PostgreSQL is not for SQLite.
    first = project.versions / "0001_initial.py"
    lines = [line for line in first.read_text(encoding="utf-8").splitlines() if "TYPE status" not in line]
    first.write_text("\n".join(lines).replace("postgresql.ENUM(", "sa.Enum(").replace(", create_type=False", ""))
    changed(project, "rename")
    with nothing_written(project):
        result = on_terminal(project, "makemigrations", *args, answers={YES_OR_NO: CTRL_C})
    assert (result.returncode, "Traceback" in result.stdout) == (130, False), result.stdout


@pytest.mark.parametrize(
    ("args", "code"), [(("--no-input",), 3), (("--check",), 1), (("--dry-run",), 0), (("--dry-run", "--json"), 0)]
)
def test_option_that_asks_nothing_asks_nothing_on_a_terminal(
    orders: ProjectFolder, args: Sequence[str], code: int
) -> None:
    changed(orders, "rename")
    with nothing_written(orders, database=False):
        result = on_terminal(orders, "makemigrations", *args)
    assert (result.returncode, YES_OR_NO in result.stdout) == (code, False), result.stdout


def test_answer_that_is_given_is_not_asked(orders: ProjectFolder) -> None:
    changed(orders, "rename", "unique")
    result = on_terminal(orders, "makemigrations", "--rename", "orders.placed:placed_at", answers={TWO: "1"})
    assert (result.returncode, YES_OR_NO in result.stdout) == (0, False), result.stdout
