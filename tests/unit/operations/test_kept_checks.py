from alembic_manage.operations import KeptChecks


def test_the_batch_is_told_the_checks():
    kept = KeptChecks("orders", ["amount > 0", "state <> ':x'"])
    assert repr(kept.arguments["table_args"]) == (
        """[sa.CheckConstraint('amount > 0'), sa.CheckConstraint("state <> '\\\\:x'")]"""
    )
    assert kept.reverse() is kept
