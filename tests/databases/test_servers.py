"""A missing server is named, fails in CI, and PostgreSQL is replaced by one out of a wheel."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest
from support.embedded_postgresql import EmbeddedPostgreSQL
from support.projects import ROOT

PROBE = """
def test_server({server}_server):
    assert {server}_server.database
"""


@pytest.fixture
def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run_probe(tmp_path: Path, server: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """A pytest run of its own, with one test that asks for a server."""
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["support.servers"]', encoding="utf-8")
    (tmp_path / "test_probe.py").write_text(PROBE.format(server=server), encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if name not in ("CI", "PYTEST_XDIST_WORKER")}
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)],
        env=inherited | {"PYTHONPATH": path} | dict(env),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_missing_mariadb_is_skipped_and_named_in_the_summary(tmp_path, closed_port):
    url = f"mysql+pymysql://root@127.0.0.1:{closed_port}/test"
    done = run_probe(tmp_path, "mariadb", {"TEST_MARIADB_URL": url})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 skipped" in done.stdout
    assert f"NOT RUN: MariaDB (no server at 127.0.0.1:{closed_port}; set TEST_MARIADB_URL)" in done.stdout


def test_missing_mariadb_fails_in_ci(tmp_path, closed_port):
    url = f"mysql+pymysql://root@127.0.0.1:{closed_port}/test"
    done = run_probe(tmp_path, "mariadb", {"TEST_MARIADB_URL": url, "CI": "true"})
    assert done.returncode == 1
    assert f"MariaDB: no server at 127.0.0.1:{closed_port}; set TEST_MARIADB_URL" in done.stdout


def test_missing_postgresql_is_replaced_by_one_out_of_a_wheel(tmp_path, closed_port):
    url = f"postgresql+psycopg://postgres@127.0.0.1:{closed_port}/postgres"
    done = run_probe(tmp_path, "postgresql", {"TEST_POSTGRESQL_URL": url})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_postgresql_out_of_a_wheel_asks_for_its_password_and_is_gone_afterwards():
    with EmbeddedPostgreSQL() as server:
        address = server.url.set(drivername="postgresql", password="wrong").render_as_string(hide_password=False)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(address)
    with pytest.raises(psycopg.OperationalError, match="refused"):
        psycopg.connect(address)
