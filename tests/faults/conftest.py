"""A bank on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from support.faults_bank import Bank, BankNursery
from support.faults_tmpfs import NoTmpfsError, SmallDisk, small_disk
from support.memory_disk import memory_disk
from support.own_servers import OwnMariaDB, OwnPostgreSQL, OwnServer, open_folder
from support.servers import is_ci

DISK_BYTES = 250 << 20


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BankNursery]:
    """What runs all commands; its process lives as long as the tests."""
    with BankNursery(tmp_path_factory.mktemp("faults") / "bank") as made:
        yield made


@pytest.fixture
def bank(nursery: BankNursery, database_url: str) -> Bank:
    """A bank whose database is empty; each test runs once for each kind of database."""
    return Bank(nursery, database_url)


@pytest.fixture
def postgresql_bank(nursery: BankNursery, postgresql_url: str) -> Bank:
    """A bank on PostgreSQL, for what only that does outside of a transaction."""
    return Bank(nursery, postgresql_url)


@pytest.fixture(scope="module", params=[OwnPostgreSQL, OwnMariaDB], ids=lambda server: server.__name__)
def own_server(request: pytest.FixtureRequest) -> Iterator[OwnServer]:
    """A server that may be stopped, once for each kind."""
    with open_folder(memory_disk()) as folder, _started(request.param, folder) as server:
        yield server


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A small disk for a SQLite file."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with mounted(folder, 1 << 20) as made:
        yield made


@pytest.fixture(params=[OwnPostgreSQL, OwnMariaDB], ids=lambda server: server.__name__)
def server_on_small_disk(request: pytest.FixtureRequest) -> Iterator[tuple[OwnServer, SmallDisk]]:
    """A server whose data is on a disk that can be filled, once for each kind."""
    with (
        open_folder() as folder,
        mounted(folder, DISK_BYTES) as disk,
        _started(request.param, folder, is_small=True) as server,
    ):
        yield server, disk


@contextmanager
def _started(kind: type[OwnServer], folder: Path, *, is_small: bool = False) -> Iterator[OwnServer]:
    missing = kind.missing()
    if missing:
        _not_run(f"{missing} is not installed")
    with kind(folder, is_small=is_small) as server:
        yield server


@contextmanager
def mounted(folder: Path, size_bytes: int) -> Iterator[SmallDisk]:
    """A small disk at an empty folder; where it cannot be mounted the test is skipped, and in CI it fails."""
    with ExitStack() as mounts:
        try:
            disk = mounts.enter_context(small_disk(folder, size_bytes))
        except NoTmpfsError as error:
            _not_run(f"a small disk cannot be mounted: {error}")
        yield disk


def _not_run(why: str) -> NoReturn:
    if is_ci():
        pytest.fail(why, pytrace=False)
    pytest.skip(why)
