"""What is offered on the labelled cases of benchmarks/renames.py."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    specification = importlib.util.spec_from_file_location("renames_benchmark", ROOT / "benchmarks" / "renames.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def figures(benchmark):
    return benchmark.measure([*benchmark.read_cases("positive"), *benchmark.read_cases("negative")])


def test_there_are_at_least_a_hundred_cases_with_renames_and_a_hundred_without(benchmark):
    positive, negative = benchmark.read_cases("positive"), benchmark.read_cases("negative")
    assert len(positive) >= 100
    assert len(negative) >= 100
    assert all(case.renames for case in positive)
    assert not any(case.renames for case in negative)


def test_recall_is_at_least_95_percent(figures):
    assert figures[0].recall >= 0.95


def test_precision_is_at_least_95_percent(figures):
    assert figures[0].precision >= 0.95


def test_the_naive_rule_is_worse_at_both(figures):
    ours, naive = figures
    assert naive.recall < ours.recall
    assert naive.precision < ours.precision
