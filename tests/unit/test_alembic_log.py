"""What is shown of that which Alembic logs."""

import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.util import messaging

from alembic_manage.alembic_log import silence_alembic

LOGGER = "alembic.runtime.migration"


@pytest.fixture
def silenced(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What is logged after `silence_alembic()`; the loggers are as before afterwards."""
    before = {name: list(logging.getLogger(name).filters) for name in list(logging.root.manager.loggerDict)}
    caplog.set_level(logging.INFO, LOGGER)
    silence_alembic()
    yield caplog
    for name, filters in before.items():
        logging.getLogger(name).filters[:] = filters


def test_what_alembic_says_of_its_work_is_hidden(silenced: pytest.LogCaptureFixture) -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        MigrationContext.configure(connection)
    assert silenced.messages == []


def test_what_a_revision_logs_to_the_same_logger_is_shown(silenced: pytest.LogCaptureFixture) -> None:
    logging.getLogger(LOGGER).info("1,000 orders filled")
    assert silenced.messages == ["1,000 orders filled"]


def test_a_warning_of_alembics_is_shown(silenced: pytest.LogCaptureFixture) -> None:
    file = messaging.__file__
    record = logging.LogRecord(LOGGER, logging.WARNING, file, 1, "a version has two heads", None, None)
    logging.getLogger(LOGGER).handle(record)
    assert silenced.messages == ["a version has two heads"]


def test_twice_is_once(silenced: pytest.LogCaptureFixture) -> None:
    before = list(logging.getLogger(LOGGER).filters)
    silence_alembic()
    assert logging.getLogger(LOGGER).filters == before


def test_what_alembic_says_while_it_is_imported_is_hidden_by_then() -> None:
    program = (
        "import logging; logging.basicConfig(level=logging.INFO, format='%(name)s');"
        "from alembic_manage.alembic_log import silence_setup; silence_setup();"
        "import alembic.context; logging.getLogger('alembic.runtime.plugins').info('of a project')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines() == ["alembic.runtime.plugins"]
