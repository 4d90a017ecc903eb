"""What makemigrations --zero-downtime writes leads from any models to any others, and back, and keeps the rows.

As test_autodetect_laws.py; PHASED_EXAMPLES=300 runs more of them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import URL
from support.law import example_of
from support.phased_law import PhasedLaws

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
EXAMPLES = int(os.environ.get("PHASED_EXAMPLES", "0"))
MODERATE = 3


@pytest.mark.parametrize("database", ["postgresql", "mariadb"])
def test_revisions_in_phases_lead_to_the_new_models_and_back_with_the_rows(
    database: str, new_database: Callable[[str], URL], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    monkeypatch.setattr("sys.path", list(sys.path))  # env.py puts the project's folder there
    laws = PhasedLaws(new_database(database), new_database(database), tmp_path)

    @settings(
        max_examples=EXAMPLES or MODERATE,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),
    )
    @given(st.integers(0, 2**31 - 1))
    def law(seed: int) -> None:
        note(f"example_of({seed}, {database!r})")
        laws.leads_there_and_back(example_of(seed, database))

    law()
