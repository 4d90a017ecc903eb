"""What a rollback would destroy is counted before, and can be kept."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from support.commands import run_command
from support.databases import where
from support.terminal import on_terminal
from support.tiny_projects import Events

from alembic_manage import RefusedError, UsageError
from alembic_manage.commands import migrate, rollback
from alembic_manage.execution.executor import Executor
from alembic_manage.execution.ledger import Ledger
from alembic_manage.execution.losses import losses_of
from alembic_manage.execution.reversible import require_reversible
from alembic_manage.plan import make_plan, make_removal

ORDERS = 'op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("note", sa.String(40)))'
LINES = """
op.create_table(
    "order_lines",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("order_id", sa.Integer, sa.ForeignKey("orders.id", name="fk_order")),
)
"""
TOTAL = 'op.add_column("orders", sa.Column("total", sa.Integer, nullable=True))'
DROP_TOTAL = 'op.drop_column("orders", "total")'


@pytest.fixture
def shop(tiny_project):
    tiny_project.revision("0001_orders", ORDERS, 'op.drop_table("orders")')
    tiny_project.revision("0002_total", TOTAL, DROP_TOTAL, down="0001_orders")
    tiny_project.revision("0003_lines", LINES, 'op.drop_table("order_lines")', down="0002_total")
    tiny_project.migrate()
    tiny_project.execute(
        "INSERT INTO orders (id, note, total) VALUES (1, 'a', 10)",
        "INSERT INTO orders (id, note, total) VALUES (2, 'b', NULL)",
        "INSERT INTO order_lines (id, order_id) VALUES (1, 1)",
        "INSERT INTO order_lines (id, order_id) VALUES (2, 1)",
    )
    return tiny_project


def plan_to(project, target):
    history = project.environment.history
    return make_plan(history, project.environment.recorded(), target)


def losses(project, target):
    plan = plan_to(project, target)
    return [loss.line for loss in project.project.database().run(lambda connection: losses_of(plan, connection))]


def roll_back(project, target, *, keep_data=False):
    history = project.environment.history
    planner = lambda recorded: make_plan(history, recorded, target)  # noqa: E731
    Executor(project.environment).run(planner, Events(), keep_data=keep_data)


def test_rows_and_values_are_counted(shop):
    assert losses(shop, "0001_orders") == [
        "drops table order_lines: 2 rows",
        "drops column orders.total: 1 non-null value",
    ]
    assert losses(shop, "zero")[-1] == "drops table orders: 2 rows"


def test_what_is_empty_is_no_loss(shop):
    shop.execute("DELETE FROM order_lines", "UPDATE orders SET total = NULL")
    assert losses(shop, "0001_orders") == []


def test_what_an_earlier_step_renames_is_found_under_the_name_of_now(shop):
    shop.revision(
        "0004_names",
        'op.rename_table("orders", "purchases")\nop.execute("ALTER TABLE purchases RENAME COLUMN total TO amount")',
        'op.execute("ALTER TABLE purchases RENAME COLUMN amount TO total")\nop.rename_table("purchases", "orders")',
        down="0003_lines",
    )
    shop.migrate()
    assert losses(shop, "0001_orders") == [
        "drops table order_lines: 2 rows",
        "drops column purchases.amount: 1 non-null value",
    ]


ADD_OLD = 'op.add_column("orders", sa.Column("old", sa.Integer))'
FILL_OLD = 'op.execute("UPDATE orders SET old = total WHERE old IS NULL AND total IS NOT NULL")'


def with_contract(shop, downgrade):
    """A revision whose downgrade makes a column again, before the one below it drops the column that took its place."""
    shop.execute("DELETE FROM order_lines")
    shop.revision("0004_contract", "pass", downgrade, down="0003_lines")
    shop.migrate()
    return shop


def test_what_an_earlier_step_copies_is_not_lost(shop):
    assert losses(with_contract(shop, f"{ADD_OLD}\n{FILL_OLD}"), "0001_orders") == []


@pytest.mark.parametrize(
    "downgrade",
    [
        FILL_OLD,
        f"{ADD_OLD.replace('sa.Integer', 'sa.Integer, server_default=sa.text(chr(49))')}\n{FILL_OLD}",
        f"{ADD_OLD}\n{FILL_OLD.replace('old = total', 'old = total / 2')}",
        f"{ADD_OLD}\n{FILL_OLD.replace('total IS NOT NULL', 'total > 5')}",
        f'{ADD_OLD}\n{FILL_OLD}\nop.drop_column("orders", "old")',
    ],
)
def test_what_is_not_copied_for_sure_is_lost(shop, downgrade):
    assert losses(with_contract(shop, downgrade), "0001_orders") == ["drops column orders.total: 1 non-null value"]


def test_what_is_kept_is_put_back(shop):
    roll_back(shop, "0001_orders", keep_data=True)
    assert shop.columns("orders") == {"id", "note"}
    assert shop.tables == {"orders"}
    shop.execute("UPDATE orders SET note = 'changed' WHERE id = 1", "INSERT INTO orders (id, note) VALUES (3, 'c')")
    shop.migrate()
    assert shop.rows("SELECT id, note, total FROM orders ORDER BY id") == [
        (1, "changed", 10),
        (2, "b", None),
        (3, "c", None),
    ]
    assert shop.rows("SELECT id, order_id FROM order_lines ORDER BY id") == [(1, 1), (2, 1)]
    assert shop.rows("SELECT count(*) FROM alembic_version_kept") == [(0,)]


def test_a_whole_database_is_kept_and_put_back(shop):
    roll_back(shop, "zero", keep_data=True)
    assert shop.tables == set()
    shop.migrate()
    assert shop.rows("SELECT id, note, total FROM orders ORDER BY id") == [(1, "a", 10), (2, "b", None)]
    assert shop.rows("SELECT count(*) FROM order_lines") == [(2,)]


GENERATED = """
op.create_table(
    "bills",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("price", sa.Integer),
    sa.Column("twice", sa.Integer, sa.Computed("price * 2", persisted=True)),
)
"""


def test_what_the_database_computes_is_not_put_back_but_computed(tiny_project):
    tiny_project.revision("a", GENERATED, 'op.drop_table("bills")')
    tiny_project.migrate()
    tiny_project.execute("INSERT INTO bills (id, price) VALUES (1, 5)")
    roll_back(tiny_project, "zero", keep_data=True)
    tiny_project.migrate()
    assert tiny_project.rows("SELECT id, price, twice FROM bills") == [(1, 5, 10)]


def test_a_computed_column_that_goes_is_computed_again(tiny_project):
    tiny_project.revision("a", ORDERS, 'op.drop_table("orders")')
    half = 'op.add_column("orders", sa.Column("half", sa.Integer, sa.Computed("id / 2", persisted=False)))'
    if tiny_project.dialect.has_enum_types:
        half = half.replace("False", "True")
    tiny_project.revision("b", half, 'op.drop_column("orders", "half")', down="a")
    tiny_project.migrate()
    tiny_project.execute("INSERT INTO orders (id) VALUES (8)")
    roll_back(tiny_project, "a", keep_data=True)
    tiny_project.migrate()
    assert [int(half) for (half,) in tiny_project.rows("SELECT half FROM orders")] == [4]


def test_rows_that_come_after_those_that_were_put_back_have_numbers_behind_theirs(shop):
    roll_back(shop, "zero", keep_data=True)
    shop.migrate()
    shop.execute("INSERT INTO orders (note) VALUES ('c')")
    assert shop.rows("SELECT id FROM orders ORDER BY id") == [(1,), (2,), (3,)]


@where(lambda dialect: dialect.has_enum_types)
def test_rows_that_only_the_database_numbers_come_back_with_their_numbers(tiny_project):
    tiny_project.revision(
        "a",
        'op.create_table("lines", sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True))',
        'op.drop_table("lines")',
    )
    tiny_project.migrate()
    tiny_project.execute("INSERT INTO lines (id) OVERRIDING SYSTEM VALUE VALUES (7)")
    roll_back(tiny_project, "zero", keep_data=True)
    tiny_project.migrate()
    tiny_project.execute("INSERT INTO lines DEFAULT VALUES")
    assert tiny_project.rows("SELECT id FROM lines ORDER BY id") == [(7,), (8,)]


@where(lambda dialect: dialect.has_enum_types)
def test_what_is_kept_does_not_hold_the_type_that_goes_with_it(tiny_project):
    tiny_project.revision("a", ORDERS, 'op.drop_table("orders")')
    up = """
op.execute("CREATE TYPE state AS ENUM ('new', 'paid')")
op.execute("CREATE DOMAIN amount AS integer CHECK (VALUE > 0)")
op.execute("CREATE TYPE address AS (street text, number integer)")
op.execute("ALTER TABLE orders ADD COLUMN state state, ADD COLUMN states state[], ADD COLUMN amount amount")
op.execute("ALTER TABLE orders ADD COLUMN address address, ADD COLUMN place point")
op.execute("CREATE TABLE bills (state state PRIMARY KEY, note text)")
"""
    down = """
op.drop_table("bills")
op.drop_column("orders", "place")
op.drop_column("orders", "address")
op.drop_column("orders", "amount")
op.drop_column("orders", "states")
op.execute("DROP TYPE address")
op.drop_column("orders", "state")
op.execute("DROP DOMAIN amount")
op.execute("DROP TYPE state")
"""
    tiny_project.revision("b", up, down, down="a")
    tiny_project.migrate()
    tiny_project.execute(
        "INSERT INTO orders (id, state, states, amount) VALUES (1, 'paid', '{new,paid}', 7)",
        "UPDATE orders SET address = ROW('a street', 3), place = '(1,2)'",
        "INSERT INTO bills VALUES ('new', 'x')",
    )
    roll_back(tiny_project, "a", keep_data=True)
    tiny_project.migrate()
    assert tiny_project.rows("SELECT state, states, amount FROM orders") == [("paid", "{new,paid}", 7)]
    assert tiny_project.rows("SELECT (address).number, place[1] FROM orders") == [(3, 2.0)]
    assert tiny_project.rows("SELECT state, note FROM bills") == [("new", "x")]


@where(lambda dialect: dialect.has_enum_types)
def test_a_column_is_put_back_by_a_key_of_a_type_of_its_own(tiny_project):
    tiny_project.revision(
        "a",
        "op.execute(\"CREATE TYPE day AS ENUM ('mon', 'tue')\")\n"
        "op.execute('CREATE TABLE days (day day PRIMARY KEY, is_open boolean)')",
        'op.drop_table("days")\nop.execute("DROP TYPE day")',
    )
    tiny_project.revision(
        "b", 'op.add_column("days", sa.Column("hours", sa.Integer))', 'op.drop_column("days", "hours")', down="a"
    )
    tiny_project.migrate()
    tiny_project.execute("INSERT INTO days VALUES ('mon', true, 8), ('tue', false, NULL)")
    roll_back(tiny_project, "a", keep_data=True)
    tiny_project.migrate()
    assert tiny_project.rows("SELECT day, hours FROM days ORDER BY day") == [("mon", 8), ("tue", None)]


def test_a_column_without_a_key_to_put_it_back_by_is_refused(tiny_project):
    tiny_project.revision("a", 'op.create_table("log", sa.Column("line", sa.String(40)))', 'op.drop_table("log")')
    tiny_project.revision(
        "b", 'op.add_column("log", sa.Column("level", sa.Integer))', 'op.drop_column("log", "level")', down="a"
    )
    tiny_project.migrate()
    tiny_project.execute("INSERT INTO log (line, level) VALUES ('x', 1)")
    with pytest.raises(RefusedError, match=r"log\.level cannot be kept: its table has no primary key"):
        roll_back(tiny_project, "a", keep_data=True)
    assert tiny_project.rows("SELECT line, level FROM log") == [("x", 1)]


def test_the_tables_of_what_is_kept_are_nobody_s_models(shop):
    roll_back(shop, "0001_orders", keep_data=True)
    engine = shop._rows
    with engine.connect() as connection:
        names = {name for (name,) in connection.execute(text(_TABLES[engine.dialect.name]))}
    assert {"alembic_version_kept", "alembic_version_kept_1", "alembic_version_kept_2"} <= names
    assert shop.tables == {"orders"}


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    "mysql": "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
}


@pytest.mark.parametrize(
    ("downgrade", "reason"),
    [('"""Never."""\nraise NotImplementedError', "only raises"), ("raise RuntimeError('no way')", "only raises")],
)
def test_a_downgrade_that_only_raises_is_found_before_anything_runs(shop, downgrade, reason):
    shop.revision("0004_oneway", "pass", downgrade, down="0003_lines")
    shop.revision("0005_next", "pass", "pass", down="0004_oneway")
    shop.migrate()
    with pytest.raises(RefusedError, match=f"0004_oneway cannot be taken back: .*{reason}") as caught:
        require_reversible(plan_to(shop, "zero"))
    assert caught.value.hint == "python manage.py rollback 0004_oneway"


def test_a_missing_downgrade_is_found_too(shop):
    path = shop.revision("0004_oneway", "pass", down="0003_lines")
    path.write_text(path.read_text().partition("def downgrade")[0])
    shop.migrate()
    with pytest.raises(RefusedError, match=r"has no downgrade\(\)"):
        require_reversible(plan_to(shop, "-1"))


# By the ledger


def ledger(project, read):
    (found,) = project.environment.read(lambda context, _: read(Ledger(context)))
    return found


def removed(project, ids):
    plan = make_removal(project.environment.history, project.environment.recorded(), ids)
    return [step.revision.id for step in plan.steps]


def test_the_last_batch_is_what_the_last_run_applied(shop):
    shop.revision("0004_a", "pass", down="0003_lines")
    shop.revision("0005_b", "pass", down="0004_a")
    shop.migrate()
    assert ledger(shop, Ledger.last_batch) == {"0004_a", "0005_b"}
    assert removed(shop, ledger(shop, Ledger.last_batch)) == ["0005_b", "0004_a"]
    shop.migrate("-2")
    assert ledger(shop, Ledger.last_batch) == {"0001_orders", "0002_total", "0003_lines"}


def test_what_was_applied_after_a_time(shop):
    between = datetime.now(UTC) + timedelta(seconds=2)
    assert ledger(shop, lambda found: found.applied_after(between)) == set()
    assert len(ledger(shop, lambda found: found.applied_after(between - timedelta(hours=1)))) == 3


def test_what_rests_on_a_revision_goes_with_it(shop):
    assert removed(shop, {"0002_total"}) == ["0003_lines", "0002_total"]
    assert removed(shop, {"nothing"}) == []


# migrate downwards: as rollback


@pytest.mark.parametrize(
    ("command", "target"), [(migrate, "0001"), (migrate, "-2"), (rollback, "0001"), (rollback, "2")]
)
def test_what_would_be_lost_is_counted_by_both_commands(shop, command, target):
    with pytest.raises(RefusedError, match=r"drops table order_lines: 2 rows, and 1 more\. Nothing") as caught:
        run_command(command, shop, target)
    name = command.__name__.rpartition(".")[2]
    assert caught.value.hint.startswith(f"python manage.py {name} {target} --keep-data")
    assert shop.recorded == {"0003_lines"}
    said = run_command(command, shop, target, "--accept-data-loss")
    assert "Data that goes:\n  0003_lines drops table order_lines: 2 rows\n  0002_total drops column" in said
    assert "  Unapply: 0003_lines\n    - Drop table order_lines\n" in said
    assert shop.recorded == {"0001_orders"}


def test_what_migrate_keeps_on_the_way_down_it_puts_back_on_the_way_up(shop):
    said = run_command(migrate, shop, "zero", "--keep-data")
    assert "Data that is kept:\n  0003_lines drops table order_lines: 2 rows\n" in said
    assert shop.tables == set()
    run_command(migrate, shop)
    assert shop.rows("SELECT id, note, total FROM orders ORDER BY id") == [(1, "a", 10), (2, "b", None)]
    assert shop.rows("SELECT count(*) FROM order_lines") == [(2,)]


def test_nothing_is_lost_where_nothing_runs(shop):
    run_command(migrate, shop, "zero", "--fake")
    assert shop.recorded == set()
    assert shop.tables == {"orders", "order_lines"}


def test_migrate_finds_a_missing_way_down_before_anything_runs(shop):
    shop.revision("0004_oneway", "pass", "raise NotImplementedError", down="0003_lines")
    shop.revision("0005_next", down="0004_oneway")
    shop.migrate()
    with pytest.raises(RefusedError, match="0004_oneway cannot be taken back") as caught:
        run_command(migrate, shop, "0003", "--accept-data-loss")
    assert caught.value.hint == "python manage.py migrate 0004_oneway"
    assert shop.recorded == {"0005_next"}


def test_migrate_upwards_asks_for_nothing(shop):
    run_command(migrate, shop, "zero", "--accept-data-loss")
    assert "Unapply" not in run_command(migrate, shop)
    assert shop.recorded == {"0003_lines"}


@pytest.mark.parametrize("command", ["migrate", "rollback"])
def test_both_commands_ask_on_a_terminal(make_project, database_url, command):
    library = make_project("library", database_url)
    library.ok("migrate", "-v0")
    question = "Take these back? [y/n] "
    refused = on_terminal(library, command, "0002", answers={question: "n"})
    assert refused.returncode == 1
    assert f"{command.capitalize()} cancelled; nothing was changed." in refused.stdout
    assert (
        "  Unapplying 0003_authors_country... OK"
        in on_terminal(library, command, "0002", answers={question: "y"}).stdout
    )


@pytest.mark.parametrize("command", ["migrate", "rollback"])
def test_a_protected_database_wants_to_hear_its_name_from_both(make_project, database_url, command):
    library = make_project("library", database_url)
    library.ok("migrate", "-v0")
    library.write("settings.py", library.read("settings.py") + "\nDATABASES['default']['PROTECTED'] = True\n")
    refused = library.run(command, "0002")
    assert refused.returncode == 4
    assert "The database 'default' is protected" in refused.stderr
    assert "0003_authors_country... OK" in library.ok(command, "0002", "--confirm", "default")


# Branches


@pytest.fixture
def branches(shop):
    """Two branches on 0003_lines, one with a label, and a merge of them."""
    shop.revision("0004_blog", down="0003_lines", labels="blog")
    shop.revision("0005_blog", down="0004_blog")
    shop.revision("0004_shop", down="0003_lines")
    shop.revision("0006_merge", down=("0005_blog", "0004_shop"))
    shop.migrate()
    return shop


def test_a_merge_is_a_step_and_below_it_is_a_choice(branches):
    with pytest.raises(UsageError, match="2 steps down could mean several branches: 0004_shop, 0005_blog") as caught:
        run_command(rollback, branches, "2")
    assert caught.value.returncode == 2
    assert caught.value.hint == (
        "python manage.py rollback 1, then: python manage.py rollback 0004_shop@-1, or: "
        "python manage.py rollback 0005_blog@-1, or, for all of them: python manage.py rollback 0003_lines"
    )
    run_command(rollback, branches)
    assert branches.recorded == {"0005_blog", "0004_shop"}


@pytest.mark.parametrize(
    ("target", "recorded"),
    [
        ("0004_shop@-1", {"0005_blog"}),
        ("0005_blog@-1", {"0004_blog", "0004_shop"}),
        ("blog@-2", {"0004_shop"}),
        ("0003_lines", {"0003_lines"}),
        ("0004_blog", {"0004_blog", "0004_shop"}),
    ],
)
def test_each_branch_has_its_command(branches, target, recorded):
    run_command(rollback, branches)
    with pytest.raises(UsageError, match="1 step down could mean several branches"):
        run_command(rollback, branches)
    run_command(rollback, branches, target)
    assert branches.recorded == recorded


def test_a_branch_ends_where_the_other_one_needs_it(branches):
    run_command(rollback, branches)
    with pytest.raises(UsageError, match="on 'blog': no more of it is applied"):
        run_command(rollback, branches, "blog@-3")
    with pytest.raises(UsageError, match="on '0005_blog': 0004_shop needs 0003_lines"):
        run_command(rollback, branches, "0005_blog@-3")
    assert branches.recorded == {"0005_blog", "0004_shop"}


def test_the_last_run_is_taken_back_on_all_branches(branches):
    run_command(rollback, branches, "--batch")
    assert branches.recorded == {"0003_lines"}
