"""What was set out to reach, beside what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chart import DATABASES
from measurement import Figure, Measurements

START_UP = {"help": "`help`", "version": "`--version`", "typo": "a typo", "complete": "the Tab key"}
ONE = {"status": "`showmigrations`", "sql": "`sqlmigrate`", "back": "`rollback`", "forth": "`migrate` of one"}


@dataclass(frozen=True)
class Goal:
    """A ratio that was wanted."""

    what: str
    value: float
    wanted: float
    at_most: bool = False
    """Whether `value` is to be no more than that; else no less."""

    @property
    def is_met(self) -> bool:
        """Whether it was reached."""
        return self.value <= self.wanted if self.at_most else self.value >= self.wanted

    @property
    def row(self) -> str:
        """A row of the table."""
        sign = "≤" if self.at_most else "≥"
        return (
            f"| {self.what} | {sign} {self.wanted:g} | {self.value:.2f} | {'met' if self.is_met else '**not met**'} |"
        )


def goals(measurements: Measurements) -> Iterable[Goal]:
    """All that the figures tell of."""
    yield from _start_up(measurements)
    for database, title in DATABASES.items():
        for goal in (
            *_nothing(measurements, database),
            *_check(measurements, database),
            *_upgrade(measurements, database),
            *_memory(measurements, database),
            *_test_databases(measurements, database),
            *_data(measurements, database),
        ):
            yield Goal(f"{title}: {goal.what}", goal.value, goal.wanted, goal.at_most)


def _start_up(measurements: Measurements) -> Iterable[Goal]:
    peers = [each for key, each in measurements.figures.items() if (key.case, key.tool) == ("help", "alembic")]
    for case, title in START_UP.items():
        for key, ours in measurements.figures.items():
            if (key.case, key.tool) == (case, "ours") and peers:
                yield Goal(f"{title}, `alembic --help` / ours", peers[0].seconds / ours.seconds, 5)


def _nothing(measurements: Measurements, database: str) -> Iterable[Goal]:
    for size, wanted in ((1_000, 3), (10_000, 20)):
        ours, alembic, _ = _figures(measurements, database, "nothing", size)
        if ours and alembic:
            what = f"`migrate` with nothing to do, {size:,} migrations, Alembic / ours"
            yield Goal(what, alembic.seconds / ours.seconds, wanted)
    few, many = (measurements.get(database, "nothing", size, "ours") for size in (10, 10_000))
    if few and many:
        yield Goal("the same at 10,000 / at 10", many.seconds / few.seconds, 1.1, at_most=True)


def _check(measurements: Measurements, database: str) -> Iterable[Goal]:
    for case, title, by_alembic, by_django in (
        ("check", "nothing changed", 4, 3),
        ("check_new", "one new migration", 3, 2),
    ):
        ours, alembic, django = _figures(measurements, database, case, 1_000)
        if ours and alembic and django:
            what = f"`makemigrations --check`, {title}"
            yield Goal(f"{what}, Alembic / ours", alembic.seconds / ours.seconds, by_alembic)
            yield Goal(f"{what}, Django / ours", django.seconds / ours.seconds, by_django)


def _upgrade(measurements: Measurements, database: str) -> Iterable[Goal]:
    ours, alembic, _ = _figures(measurements, database, "upgrade", 1_000)
    floor = measurements.get(database, "upgrade", 1_000, "floor")
    if ours and alembic and database == "sqlite":
        yield Goal("`migrate` of 1,000, Alembic / ours", alembic.seconds / ours.seconds, 4)
    if ours and floor and database == "postgresql":
        yield Goal("`migrate` of 1,000, ours / psql", ours.seconds / floor.seconds, 1.25, at_most=True)


def _memory(measurements: Measurements, database: str) -> Iterable[Goal]:
    for case, title in {"nothing": "`migrate`, nothing to do", **ONE}.items():
        ours, alembic, _ = _figures(measurements, database, case, 10_000)
        if ours and alembic and ours.peak_mb:
            yield Goal(f"memory of {title} at 10,000, Alembic / ours", alembic.peak_mb / ours.peak_mb, 2)


def _test_databases(measurements: Measurements, database: str) -> Iterable[Goal]:
    for key, zero in measurements.figures.items():
        if (key.database, key.case) != (database, "test_zero"):
            continue
        for case, title in (("test_copy", "a copy for a worker"), ("test_back", "brought back after a test")):
            found = measurements.get(database, case, key.size, "ours")
            if found:
                yield Goal(f"test database, {title}, from zero / that", zero.seconds / found.seconds, 20)


def _data(measurements: Measurements, database: str) -> Iterable[Goal]:
    for key, many in measurements.figures.items():
        if key.database == database and key.tool == "ours" and key.case in ("dump", "load"):
            few = measurements.get(database, key.case, key.size // 100, "ours")
            if few:
                what = f"memory of {key.case}data, {key.size:,} rows / {key.size // 100:,}"
                yield Goal(what, many.peak_mb / few.peak_mb, 1.1, at_most=True)


def _figures(
    measurements: Measurements, database: str, case: str, size: int
) -> tuple[Figure | None, Figure | None, Figure | None]:
    found = [measurements.get(database, case, size, tool) for tool in ("ours", "alembic", "django")]
    return found[0], found[1], found[2]
