"""Many processes migrate at once: each revision is applied exactly once, and every process ends with 0."""

from support.contents import rows_of
from support.faults import Request, size
from support.faults_bank import DOWN, REVISIONS, UP, Bank, records_of

PROCESSES = size("FAULT_PROCESSES", 6)
ROUNDS = size("FAULT_ROUNDS", 1)


def test_every_revision_is_applied_exactly_once(bank: Bank):
    for _ in range(ROUNDS):
        bank.empty()
        endings = bank.nursery.run_all(Request(UP, children=PROCESSES))
        assert [(ending.code, ending.err) for ending in endings if ending.code or ending.err] == []
        assert bank.problem_above == ""
        assert records_of(bank.url).applied == dict.fromkeys(REVISIONS, 1)
        assert sorted(rows_of(bank.url, "SELECT migration FROM runs")) == [(id[:4],) for id in REVISIONS]
        lines = [line for ending in endings for line in ending.out.splitlines() if line.endswith("OK")]
        assert len(lines) == len(REVISIONS)


def test_every_revision_is_taken_back_exactly_once(bank: Bank):
    bank.nursery.run(*UP).require()
    endings = bank.nursery.run_all(Request(DOWN, children=PROCESSES // 2))
    assert bank.problem_below == ""
    lines = [line for ending in endings for line in ending.out.splitlines() if line.endswith("OK")]
    assert len(lines) == len(REVISIONS)
