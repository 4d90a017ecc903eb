"""dumpdata, loaddata and flush on each kind of database."""

from __future__ import annotations

import enum
import importlib
import json
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import mysql, postgresql
from support.commands import run_command
from support.databases import where
from support.rows import RowsProject
from support.tiny_projects import TinyProject

from alembic_manage.commands import flush, sqlflush, sqlsequencereset
from alembic_manage.data.flush import Flush, run_flush
from alembic_manage.errors import CommandError, FixtureError, RefusedError, SettingsError

Make = Callable[..., RowsProject]
FORMATS = ("json", "jsonl", "yaml", "csv")


class Colour(enum.Enum):
    """Stored by its name."""

    RED = "r"
    BLUE = "b"


class Money:
    """A value of the application's own."""

    def __init__(self, cents: int) -> None:
        self.cents = cents

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Money) and other.cents == self.cents

    def __hash__(self) -> int:
        return hash(self.cents)


class MoneyType(sa.TypeDecorator[Money]):
    """Money as text."""

    impl = sa.String(40)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return None if value is None else f"{value.cents} cents"

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else Money(int(value.split()[0]))


MOMENT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "number": sa.BigInteger(),
    "amount": sa.Numeric(12, 4),
    "moment": MOMENT,
    "zoned": sa.DateTime(timezone=True),
    "day": sa.Date(),
    "clock": sa.Time(),
    "span": sa.Interval(),
    "data": sa.LargeBinary(),
    "token": sa.Uuid(),
    "hex": sa.Uuid(as_uuid=False),
    "tree": sa.JSON(),
    "strict_tree": sa.JSON(none_as_null=True),
    "colour": sa.Enum(Colour, name="colour"),
    "flag": sa.Boolean(),
    "ratio": sa.Double(),
    "money": MoneyType(),
    "pickled": sa.PickleType(),
    "words": sa.Text(),
}
VALUES: dict[str, Any] = {
    "number": 2**62 + 1,
    "amount": Decimal("1234.5670"),
    "moment": datetime(2024, 2, 29, 23, 59, 59, 123456),
    "zoned": datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC),
    "day": date(1999, 12, 31),
    "clock": time(3, 4, 5),
    "span": timedelta(days=3, seconds=5),
    "data": b"\x00\xff\\",
    "token": uuid.UUID(int=5),
    "hex": str(uuid.UUID(int=6)),
    "tree": {"a": [1, None, {"$json": 2}]},
    "strict_tree": {"$json": None},
    "colour": Colour.BLUE,
    "flag": False,
    "ratio": 0.1 + 0.2,
    "money": Money(7),
    "pickled": {"x": (1, 2)},
    "words": "\\N 'ä\"\n,\u2028%s :x",
}


def all_types() -> sa.MetaData:
    metadata = sa.MetaData()
    columns = [sa.Column(name, type_) for name, type_ in TYPES.items()]
    computed = sa.Column("next", sa.BigInteger, sa.Computed("number + 1", persisted=True))
    sa.Table("things", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns, computed)
    return metadata


def family() -> sa.MetaData:
    """Teams and people refer to each other, people to themselves; one table has no key, and one has two."""
    metadata = sa.MetaData()
    sa.Table(
        "teams",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("lead_id", sa.ForeignKey("people.id", name="fk_lead", use_alter=True)),
    )
    sa.Table(
        "people",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(50), unique=True, nullable=False),
        sa.Column("team_id", sa.ForeignKey("teams.id", name="fk_team"), nullable=False),
        sa.Column("boss_id", sa.ForeignKey("people.id", name="fk_boss")),
    )
    sa.Table("log", metadata, sa.Column("at", sa.Integer), sa.Column("text", sa.String(20)))
    sa.Table(
        "shifts",
        metadata,
        sa.Column("person_id", sa.ForeignKey("people.id", name="fk_person"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("hours", sa.Integer),
    )
    return metadata


PEOPLE = [
    ("teams", 1, {"lead_id": 2}),
    ("people", 1, {"email": "a@x", "team_id": 1, "boss_id": 2}),
    ("people", 2, {"email": "b@x", "team_id": 1, "boss_id": None}),
    ("shifts", [1, "2024-01-02"], {"hours": 8}),
]


@pytest.fixture
def people(rows_project: Make) -> RowsProject:
    """The family with rows that refer to each other in a circle."""
    project = rows_project(family(), natural_keys={"people": ("email",)})
    project.load_records(*PEOPLE)
    return project


# Values


def test_values_of_all_types_come_back_from_each_format(rows_project: Make) -> None:
    project = rows_project(all_types())
    nothing = dict.fromkeys(VALUES) | {"tree": sa.null(), "words": ""}
    project.insert("things", {"id": 1, **VALUES}, {"id": 2, **nothing}, {"id": 3, "tree": None, "words": "\\"})
    rows = project.rows("things")
    assert rows[0][1:3] == (VALUES["number"], VALUES["amount"])
    for format_ in FORMATS:
        text = project.dump("--format", format_)
        project.flush()
        load_again(project, text, format_)
        assert project.rows("things") == rows, format_
        assert project.dump("--format", format_) == text


def load_again(project: RowsProject, text: str, format_: str) -> None:
    path = project.folder / f"things.{format_}"
    path.write_text(text, encoding="utf-8", newline="")
    project.load(str(path))


def test_null_and_the_null_of_json_are_two_values(rows_project: Make) -> None:
    project = rows_project(all_types())
    project.insert("things", {"id": 1, "tree": sa.null()}, {"id": 2, "tree": None})
    assert [record["fields"]["tree"] for record in project.records()] == [None, {"$json": None}]
    text = project.dump()
    project.flush()
    project.load_text(text)
    with project.connected() as connection:
        assert connection.execute(sa.text("SELECT id FROM things WHERE tree IS NULL")).scalars().all() == [1]


ROW = st.fixed_dictionaries(
    {
        "number": st.none() | st.integers(-(2**63), 2**63 - 2),  # one more is computed of it
        "day": st.none() | st.dates(min_value=date(1000, 1, 1)),
        "moment": st.none() | st.datetimes(min_value=datetime(1000, 1, 1)),
        "words": st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
        "data": st.none() | st.binary(max_size=20),
        "ratio": st.none() | st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False),
        "tree": st.recursive(
            st.booleans() | st.integers(-(2**31), 2**31) | st.text("ab$json\\", max_size=5),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["$json", "b"]), inner),
            max_leaves=4,
        ),
    }
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, min_size=1, max_size=4), format_=st.sampled_from(["json", "csv"]))
def test_any_values_come_back(rows_project: Make, rows: list[dict[str, Any]], format_: str) -> None:
    project = _ANY.setdefault(id(rows_project), None) or rows_project(all_types())
    _ANY[id(rows_project)] = project
    project.flush()
    project.insert("things", *rows)
    before, text = project.rows("things"), project.dump("--format", format_)
    project.flush()
    load_again(project, text, format_)
    assert project.rows("things") == before


_ANY: dict[int, Any] = {}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_types_of_one_database_stand_as_its_own_text(rows_project: Make) -> None:
    metadata = sa.MetaData()
    sa.Table(
        "things",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("numbers", postgresql.ARRAY(sa.Integer)),
        sa.Column("grid", postgresql.ARRAY(sa.Numeric, dimensions=2)),
        sa.Column("colours", postgresql.ARRAY(sa.Enum(Colour, name="colour"))),
        sa.Column("address", postgresql.INET),
        sa.Column("reach", postgresql.INT4RANGE),
        sa.Column("length", postgresql.INTERVAL),
        sa.Column("ratio", sa.Double),
    )
    project = rows_project(metadata)
    with project.connected() as connection:
        connection.exec_driver_sql(
            "INSERT INTO things VALUES (1, '{1,NULL}', '{{1.10,NaN}}', '{RED,NULL}', '10.0.0.1/8', '[1,5)', "
            "'1 mon -2 days', 'NaN'), (2, NULL, NULL, NULL, NULL, 'empty', NULL, '-Infinity')"
        )
    text = project.dump()
    assert json.loads(text)[0]["fields"] == {
        "numbers": [1, None],
        "grid": [["1.10", "NaN"]],
        "colours": ["RED", None],
        "address": "10.0.0.1/8",
        "reach": "[1,5)",
        "length": "1 mon -2 days",
        "ratio": "NaN",
    }
    project.flush()
    project.load_text(text)
    assert project.dump() == text


# Keys


def test_rows_that_refer_to_each_other_in_a_circle(people: RowsProject) -> None:
    text = people.dump()
    people.flush()
    assert people.rows("people") == []
    assert people.load_text(text) == "Installed 4 object(s) from 1 fixture(s)\n"
    assert people.dump() == text
    assert people.rows("teams") == [(1, 2)]


@where(lambda dialect: not dialect.is_file)
def test_foreign_keys_still_count_after_a_load(people: RowsProject) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        people.insert("people", {"email": "c@x", "team_id": 99})


@pytest.mark.parametrize("table", ["people", "shifts"])
def test_a_broken_reference_is_told_with_its_line(people: RowsProject, table: str) -> None:
    before = people.dump()
    bad = {"people": (9, {"email": "z@x", "team_id": 77}), "shifts": ([77, "2024-01-02"], {"hours": 1})}[table]
    with pytest.raises(FixtureError, match=rf"fixture\.jsonl:2: {table}: .*(77|fk_)"):
        people.load_records(("teams", 5, {"lead_id": None}), (table, *bad))
    assert people.dump() == before


@where(lambda dialect: dialect.is_file)
def test_rows_that_were_orphans_before_stop_no_load(people: RowsProject) -> None:
    people.insert("people", {"id": 50, "email": "orphan@x", "team_id": 99})
    assert people.load_records(("people", 51, {"email": "new@x", "team_id": 1})).startswith("Installed 1 ")


def test_rows_named_by_natural_keys(people: RowsProject) -> None:
    records = people.records("--natural-foreign", "--natural-primary")
    by_email = {record["fields"].get("email"): record for record in records}
    assert by_email["a@x"] == {"model": "people", "fields": {"email": "a@x", "team_id": 1, "boss_id": ["b@x"]}}
    assert records[0]["fields"] == {"lead_id": ["b@x"]}
    shift = next(record for record in records if record["model"] == "shifts")
    assert shift["pk"] == [["a@x"], "2024-01-02"]
    before = people.dump()
    people.load_text(json.dumps(records))
    assert people.dump() == before


def test_a_parent_that_no_row_has_the_name_of(people: RowsProject) -> None:
    with pytest.raises(FixtureError, match=r"fixture\.jsonl:1: people: no row of people with email = nobody@x"):
        people.load_records(("people", 9, {"email": "z@x", "team_id": 1, "boss_id": ["nobody@x"]}))


def test_a_natural_key_that_is_not_there(rows_project: Make) -> None:
    with pytest.raises(SettingsError, match=r"NATURAL_KEYS\['people'\] names 'mail'"):
        rows_project(family(), natural_keys={"people": ("mail",)}).dump()


# What is there already


def test_a_key_that_is_there_is_updated_and_the_last_one_counts(people: RowsProject) -> None:
    people.load_records(
        ("people", 1, {"email": "first@x"}),
        ("people", 1, {"email": "second@x"}),
        ("people", 3, {"email": "n@x", "team_id": 1}),
    )
    assert [row[:2] for row in people.rows("people")] == [(1, "second@x"), (2, "b@x"), (3, "n@x")]


def test_a_key_twice_in_an_empty_table(rows_project: Make) -> None:
    project = rows_project(family())
    project.load_records(
        ("teams", 1, {"lead_id": None}), ("teams", 2, {"lead_id": None}), ("teams", 1, {"lead_id": None})
    )
    assert project.rows("teams") == [(1, None), (2, None)]


def test_another_row_with_a_unique_value_is_not_updated_in_its_place(people: RowsProject) -> None:
    before = people.dump()
    with pytest.raises(FixtureError, match=r"fixture\.jsonl:1: people: "):
        people.load_records(("people", 9, {"email": "a@x", "team_id": 1}))
    assert people.dump() == before


def test_numbers_go_on_behind_the_highest(rows_project: Make) -> None:
    project = rows_project(numbered())
    project.load_records(("always", 40, {"n": 1}), ("plain", 41, {"n": 1}))
    project.load_records(("always", None, {"n": 2}), ("plain", None, {"n": 2}))
    assert project.rows("always") == [(40, 1), (41, 2)]
    assert project.rows("plain") == [(41, 1), (42, 2)]


def numbered() -> sa.MetaData:
    metadata = sa.MetaData()
    n = sa.Column("n", sa.Integer)
    sa.Table("always", metadata, sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True), n)
    sa.Table("plain", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer))
    return metadata


def test_a_numbered_row_is_updated(rows_project: Make) -> None:
    project = rows_project(numbered())
    project.load_records(("always", 40, {"n": 1}))
    project.load_records(("always", 40, {"n": 5}))
    assert project.rows("always") == [(40, 5)]


def test_more_rows_than_fit_a_batch(rows_project: Make) -> None:
    project = rows_project(numbered())
    records = [("plain", number, {"n": number}) for number in range(2500)]
    records = [(model, key + 1, fields) for model, key, fields in records]
    assert project.load_records(*records) == "Installed 2500 object(s) from 1 fixture(s)\n"
    assert project.load_records(*records[1200:], ("plain", 9999, {"n": 0})).startswith("Installed 1301 ")
    assert len(project.rows("plain")) == 2501


# Bad records


BAD = [
    (("nothing", 1, {}), "there is no table 'nothing'"),
    (("people", 1, {"name": "x"}), "people has no field 'name'"),
    (("people", "x", {}), "people, field 'id': 'x' is no whole number"),
    (("people", [1, 2], {}), "'pk' has 2 value"),
    (("people", 9, {"email": None, "team_id": 1}), "people: "),
    (("shifts", [1, "2024-99-01"], {}), "field 'day': '2024-99-01' is no date"),
]


def test_a_bad_record_is_told_with_its_line_and_nothing_is_loaded(people: RowsProject) -> None:
    before = people.dump()
    for record, says in BAD:
        assert_refused(people, record, says)
    assert people.dump() == before


@where(lambda dialect: not dialect.is_file)
def test_a_text_that_is_too_long_is_told_with_its_line(people: RowsProject) -> None:
    assert_refused(people, ("people", 9, {"email": "x" * 51, "team_id": 1}), "people: ")


def assert_refused(project: RowsProject, record: tuple[Any, ...], says: str) -> None:
    """A record in the second line is told with its line, and with what is wrong."""
    with pytest.raises(FixtureError) as caught:
        project.load_records(("teams", 8, {"lead_id": None}), record)
    assert "fixture.jsonl:2: " in str(caught.value)
    assert says in str(caught.value)
    assert str(caught.value).endswith(". Nothing was loaded.")


def test_what_is_not_there_may_be_left_out(people: RowsProject) -> None:
    records = [("nothing", 1, {}), ("teams", 8, {"lead_id": None, "name": "x"})]
    assert people.load_records(*records, argv=["--ignorenonexistent"]).startswith("Installed 1 object(s) (of 2) ")
    assert people.rows("teams") == [(1, 2), (8, None)]


def test_tables_are_excluded(people: RowsProject) -> None:
    assert {record["model"] for record in people.records("-e", "people", "--exclude", "log")} == {"teams", "shifts"}
    assert people.load_records(("log", None, {"at": 1}), argv=["--exclude", "log"]).startswith(
        "Installed 0 object(s) (of 1)"
    )
    assert people.rows("log") == []


def test_rows_by_their_keys(people: RowsProject) -> None:
    assert [record["pk"] for record in people.records("people", "--pks", "2,7")] == [2]
    with pytest.raises(FixtureError, match="--pks: 'x' is no whole number"):
        people.dump("people", "--pks", "x")


def test_a_table_without_a_key_gets_its_rows_once_more(people: RowsProject) -> None:
    people.load_records(("log", None, {"at": 1, "text": ""}), ("log", None, {"at": 1, "text": ""}))
    assert people.rows("log") == [(1, ""), (1, "")]


def test_a_table_that_the_database_has_not(people: RowsProject) -> None:
    people.tiny.execute("DROP TABLE log")
    with pytest.raises(CommandError, match="The database has no table log"):
        people.dump()
    with pytest.raises(FixtureError, match=r"fixture\.jsonl:1: the database has no table log"):
        people.load_records(("log", None, {"at": 1}))


# Several fixtures, folders


def test_several_fixtures_are_one_transaction(people: RowsProject) -> None:
    first, second = people.folder / "first.json", people.folder / "second.json"
    first.write_text('[{"model": "people", "pk": 9, "fields": {"email": "n@x", "team_id": 6}}]')
    second.write_text('[{"model": "teams", "pk": 6, "fields": {}}, 5]')
    before = people.dump()
    with pytest.raises(FixtureError, match="second"):
        people.load(str(first), str(second))
    assert people.dump() == before
    second.write_text('[{"model": "teams", "pk": 6, "fields": {}}]')
    assert people.load(str(first), str(second)) == "Installed 2 object(s) from 2 fixture(s)\n"


def test_a_folder_of_csv_files_has_a_file_a_table(people: RowsProject, tmp_path: Path) -> None:
    before, folder = people.dump(), tmp_path / "dump"
    people.dump("--format", "csv", "-o", str(folder))
    assert sorted(each.name for each in folder.iterdir()) == ["log.csv", "people.csv", "shifts.csv", "teams.csv"]
    people.flush()
    assert people.load(str(folder)) == "Installed 4 object(s) from 4 fixture(s)\n"
    assert people.dump() == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("command", "code", "says", "hint"),
    [
        ("dumpdata nope", 2, "No app and no table of a model is called 'nope'", "one of: log, people"),
        ("dumpdata poeple", 2, "is called 'poeple'", "did you mean people?"),
        ("dumpdata --format csv", 2, "A CSV file holds one table, not 4", "-o FOLDER"),
        ("dumpdata --pks 1", 2, "--pks goes with one table", "--pks 1,2"),
        ("dumpdata shifts --pks 1", 2, "--pks needs a primary key of one column", "dumpdata shifts"),
        ("dumpdata log --pks 1", 2, "--pks needs a primary key of one column", "dumpdata log"),
        ("dumpdata -o no/such/file.json", 1, "no/such/file.json cannot be written", "mkdir -p no/such"),
        ("dumpdata --format csv -o .", 4, " holds ", "name a folder"),
        ("loaddata nope", 1, "No fixture named 'nope' found", "ls ."),
        ("loaddata -", 2, "must be told the format", "--format json -"),
        ("loaddata first --app nope", 2, "No installed app with label 'nope'", "INSTALLED_APPS"),
        ("sqlsequencereset nope", 2, "No installed app with label 'nope'", "INSTALLED_APPS"),
        ("flush --database nope", 2, "has no database 'nope'", "--database default"),
        ("flush", 3, "Nobody is there to answer", "flush --no-input"),
    ],
)
def test_wrong_usage(
    people: RowsProject, monkeypatch: pytest.MonkeyPatch, command: str, code: int, says: str, hint: str
) -> None:
    monkeypatch.chdir(people.folder)
    monkeypatch.setattr("sys.stdin", None)
    before = people.dump(), sorted(people.folder.iterdir())
    name, *arguments = command.split()
    with pytest.raises(CommandError) as caught:
        run_command(importlib.import_module(f"alembic_manage.commands.{name}"), people.tiny, *arguments)
    assert (caught.value.returncode, says in str(caught.value)) == (code, True), caught.value
    assert hint in str(caught.value.hint)
    assert (people.dump(), sorted(people.folder.iterdir())) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_sequences(people: RowsProject) -> None:
    assert run_command(sqlsequencereset, people.tiny) == ""


# flush


def test_flush_empties_all_tables_and_numbers_begin_anew(rows_project: Make) -> None:
    project = rows_project(numbered())
    project.load_records(("always", None, {"n": 1}), ("plain", None, {"n": 1}))
    assert project.flush() == "Emptied 2 tables.\n"
    project.load_records(("always", None, {"n": 1}), ("plain", None, {"n": 1}))
    assert project.rows("always") == project.rows("plain") == [(1, 1)]


def test_flush_leaves_tables_alone_that_no_model_has(people: RowsProject) -> None:
    people.tiny.execute("CREATE TABLE other (id INTEGER)", "INSERT INTO other VALUES (1)")
    people.flush()
    assert people.tiny.rows("SELECT * FROM other") == [(1,)]


def test_flush_leaves_tables_alone_that_migrations_do_not_make(rows_project: Make) -> None:
    metadata = sa.MetaData()
    sa.Table("theirs", metadata, sa.Column("id", sa.Integer, primary_key=True), info={"managed": False})
    sa.Table("ours", metadata, sa.Column("id", sa.Integer, primary_key=True))
    project = rows_project(metadata)
    project.load_records(("theirs", 1, {}), ("ours", 1, {}))
    assert project.flush() == "Emptied 1 table.\n"
    assert (project.rows("theirs"), project.rows("ours")) == ([(1,)], [])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_flush_empties_parts_with_their_table(rows_project: Make) -> None:
    metadata = sa.MetaData()
    sa.Table("days", metadata, sa.Column("id", sa.Integer, primary_key=True))
    key = sa.Column("day", sa.ForeignKey("days.id"), primary_key=True)
    sa.Table("events", metadata, key, postgresql_partition_by="RANGE (day)")
    project = rows_project(metadata)
    project.tiny.execute("CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (10)")
    project.load_records(("days", 1, {}), ("events", 1, {}))
    assert project.flush() == "Emptied 2 tables.\n"
    assert project.rows("days") == project.tiny.rows("SELECT * FROM events_1") == []


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_a_flush_that_fails_leaves_no_session_without_key_checks(people: RowsProject) -> None:
    database = people.tiny.project.database()
    failing = Flush((), ("SET FOREIGN_KEY_CHECKS = 0", "TRUNCATE TABLE gone"))
    with pytest.raises(CommandError, match=r"'.*gone' doesn't exist"):
        database.run(lambda connection: run_flush(connection, database, failing))
    assert database.run(lambda connection: connection.scalar(sa.text("SELECT @@foreign_key_checks"))) == 1


def test_flush_refuses_where_a_table_of_no_model_refers_to_one(people: RowsProject) -> None:
    people.tiny.execute(
        "CREATE TABLE other (id INTEGER PRIMARY KEY, person INTEGER, FOREIGN KEY (person) REFERENCES people (id))",
        "INSERT INTO other VALUES (1, 1)",
    )
    with pytest.raises(RefusedError, match="other is not the models' to empty"):
        people.flush()
    assert len(people.rows("people")) == 2
    run_command(flush, people.tiny, "--no-input", "--allow-cascade")
    assert people.tiny.rows("SELECT * FROM other") == people.rows("people") == []


def test_the_sql_of_flush_does_what_flush_does(people: RowsProject) -> None:
    statements = run_command(sqlflush, people.tiny).splitlines()
    with people.connected() as connection:
        for statement in statements:
            if statement not in ("BEGIN;", "COMMIT;"):
                connection.exec_driver_sql(statement)
    assert [people.rows(table) for table in people.metadata.tables] == [[], [], [], []]
    assert (statements[0] == "BEGIN;") == people.tiny.dialect.transactional_ddl


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_sql_that_resets_sequences(rows_project: Make) -> None:
    project = rows_project(numbered())
    project.insert("plain", {"id": 7, "n": 1})
    statements = run_command(sqlsequencereset, project.tiny).splitlines()
    assert (statements[0], statements[-1]) == ("BEGIN;", "COMMIT;")
    project.tiny.execute(*statements[1:-1])
    project.insert("plain", {"n": 2})
    assert project.rows("plain") == [(7, 1), (8, 2)]


@pytest.mark.parametrize("database_url", ["postgresql", "mariadb"], indirect=True)
def test_sequences_that_stand_apart_go_on_behind_the_highest(rows_project: Make) -> None:
    metadata = sa.MetaData()
    key = sa.Column("id", sa.Integer, sa.Sequence("numbers"), primary_key=True)
    sa.Table("things", metadata, key, sa.Column("n", sa.Integer))
    project = rows_project(metadata)
    project.load_records(("things", 7, {"n": 1}), ("things", None, {"n": 2}))
    assert project.rows("things") == [(1, 2), (7, 1)]
    project.insert("things", {"n": 3})
    assert project.rows("things")[-1] == (8, 3)


def odd_names() -> sa.MetaData:
    """Tables and sequences whose names have what SQL and drivers give a meaning."""
    metadata = sa.MetaData()
    for name in ("100%", "it's", "a:b"):
        key = sa.Column("id%", sa.Integer, sa.Sequence(f"{name} numbers"), primary_key=True)
        sa.Table(name, metadata, key, sa.Column("n", sa.Integer))
    return metadata


def test_names_with_signs_in_them(rows_project: Make) -> None:
    check_odd_names(rows_project(odd_names()))


def test_names_with_signs_in_them_and_an_asyncio_driver(
    make_tiny_project: Callable[[str], TinyProject], async_database_url: str
) -> None:
    check_odd_names(RowsProject(make_tiny_project(async_database_url), odd_names()))


def check_odd_names(project: RowsProject) -> None:
    project.load_records(*((name, 7, {"n": 1}) for name in project.metadata.tables))
    text = project.dump()
    assert project.flush() == "Emptied 3 tables.\n"
    project.load_text(text)
    assert [project.rows(name) for name in project.metadata.tables] == [[(7, 1)]] * 3


def test_with_an_asyncio_driver(make_tiny_project: Callable[[str], TinyProject], async_database_url: str) -> None:
    project = RowsProject(make_tiny_project(async_database_url), family())
    project.load_records(*PEOPLE)
    text = project.dump()
    project.flush()
    project.load_text(text)
    assert project.dump() == text
    with pytest.raises(FixtureError, match=r"fixture\.jsonl:1: people: "):
        project.load_records(("people", 9, {"email": "z@x", "team_id": 77}))


@where(lambda dialect: dialect.times_are_spans)
def test_a_time_that_is_no_time_of_day_comes_back(rows_project: Make, tmp_path: Path) -> None:
    metadata = sa.MetaData()
    sa.Table("shifts", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("late", sa.Time))
    project = rows_project(metadata)
    values = "(1, '-12:30:00'), (2, '30:00:00'), (3, '08:15:00')"
    project.tiny.execute(f"INSERT INTO shifts VALUES {values}")
    fixture = tmp_path / "shifts.json"
    fixture.write_text(project.dump(), encoding="utf-8")
    project.tiny.execute("DELETE FROM shifts")
    project.load(str(fixture))
    found = project.tiny.rows("SELECT CAST(late AS CHAR) FROM shifts ORDER BY id")
    assert found == [("-12:30:00",), ("30:00:00",), ("08:15:00",)]
