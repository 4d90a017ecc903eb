"""How runs and plans look."""

import io
from pathlib import Path

import pytest
from support.histories import make_history

from alembic_manage.console import OutputWrapper, Style
from alembic_manage.plan import make_plan
from alembic_manage.reports.run_report import RunReport, plan_as_json, plan_lines

HISTORY = make_history({"0001_initial": "", "0002_orders": "0001_initial"})
STEP = make_plan(HISTORY, frozenset(), "head").steps[0]
BACK = make_plan(HISTORY, frozenset({"0001_initial"}), "zero").steps[0]


def report(verbosity: int = 1) -> tuple[RunReport, io.StringIO]:
    stream = io.StringIO()
    return RunReport(OutputWrapper(stream), Style(False), verbosity), stream


@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("head", "  Apply all migrations: shop"),
        ("heads", "  Apply all migrations: shop"),
        ("zero", "  Unapply all migrations: shop"),
        ("base", "  Unapply all migrations: shop"),
        ("0002", "  Target specific migration: 0002_orders"),
        ("-1", "  Target specific migration: -1"),
    ],
)
def test_the_heading_says_what_the_run_is_about(target, line):
    run, stream = report()
    run.heading(HISTORY, target, "shop")
    assert stream.getvalue() == f"Operations to perform:\n{line}\n"


def test_each_revision_is_one_line():
    run, stream = report()
    run.started(STEP)
    run.finished(STEP, seconds=0.5, faked=False)
    run.started(STEP)
    run.finished(STEP, seconds=0.5, faked=True)
    run.started(BACK)
    run.failed(BACK)
    assert stream.getvalue() == (
        "  Applying 0001_initial... OK\n  Applying 0001_initial... FAKED\n  Unapplying 0001_initial... FAILED\n"
    )


def test_a_revision_that_had_stopped_halfway_says_where_it_goes_on():
    run, stream = report()
    run.started(STEP)
    run.resumed(STEP, 4)
    assert run.unfinished == stream.getvalue() == "  Applying 0001_initial... resuming after its statement 4..."
    run.finished(STEP, seconds=0.5, faked=False)
    run.started(BACK)
    run.resumed(BACK, 0)
    run.finished(BACK, seconds=0.5, faked=False)
    assert stream.getvalue() == (
        "  Applying 0001_initial... resuming after its statement 4... OK\n"
        "  Unapplying 0001_initial... resuming at its beginning... OK\n"
    )


def test_more_verbosity_tells_the_seconds():
    run, stream = report(2)
    run.started(STEP)
    run.finished(STEP, seconds=0.0094, faked=False)
    assert stream.getvalue() == "  Applying 0001_initial... OK (0.009s)\n"


def test_no_verbosity_says_nothing():
    run, stream = report(0)
    run.heading(HISTORY, "head", "shop")
    run.planned(make_plan(HISTORY, frozenset(), "head"))
    run.started(STEP)
    run.finished(STEP, seconds=1, faked=False)
    run.failed(STEP)
    assert stream.getvalue() == ""
    assert run.steps == 2


def test_an_empty_run_says_so():
    run, stream = report()
    run.planned(make_plan(HISTORY, frozenset({"0002_orders"}), "head"))
    assert stream.getvalue() == "Running migrations:\n  No migrations to apply.\n"


def test_a_plan_lists_the_changes_of_each_revision(tiny_plan):
    assert list(plan_lines(tiny_plan, Style(False))) == ["a", "    + Create table orders", "b", "    No operations"]


def test_the_json_of_a_plan_is_stable(tiny_plan):
    assert plan_as_json(tiny_plan, "default") == {
        "database": "default",
        "target": "head",
        "direction": "upgrade",
        "steps": [
            {
                "revision": "a",
                "changes": [
                    {
                        "symbol": "+",
                        "operation": "create_table",
                        "table": "orders",
                        "name": "orders",
                        "description": "Create table orders",
                    }
                ],
            },
            {"revision": "b", "changes": []},
        ],
    }


@pytest.fixture
def tiny_plan(make_tiny_project, tmp_path: Path):
    project = make_tiny_project(f"sqlite:///{tmp_path / 'db.sqlite3'}")
    project.revision("a", 'op.create_table("orders")')
    project.revision("b", down="a")
    return make_plan(project.environment.history, frozenset(), "head")


def test_what_is_waited_for_stands_in_a_line_of_its_own():
    run, stream = report()
    run.waiting("Waiting for process 4711.")
    run.started(STEP)
    run.waiting("Removing the invalid index a of t.")
    run.finished(STEP, seconds=0.1, faked=False)
    run.waiting("Waiting for process 4712.")
    assert stream.getvalue().splitlines() == [
        "  Waiting for process 4711.",
        "  Applying 0001_initial...",
        "  Removing the invalid index a of t.",
        "  Applying 0001_initial... OK",
        "  Waiting for process 4712.",
    ]
