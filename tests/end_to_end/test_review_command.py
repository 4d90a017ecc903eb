"""`review` and `locks` as a user types them."""

import json


def test_a_branch_is_reviewed_as_a_page_and_as_markdown(make_project):
    project = make_project("branch_to_review")
    done = project.run("review", "0001:", "--output", "review.html")
    assert (done.returncode, done.stdout) == (0, "")
    assert "Wrote review.html: 5 migrations, after 0001_initial up to the end." in done.stderr
    page = project.read("review.html")
    assert page.count("<article") == 5
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    text = project.ok("review", "0003_addresses")
    assert text.startswith("# Review of ")
    assert "+ addresses" in text
    assert "Batch mode: every row of orders is copied." in text
    assert not (project.path / "db.sqlite3").exists()


def test_locks_are_printed_for_people_and_for_programs(make_project):
    project = make_project("branch_to_review")
    shown = project.ok("locks", "0005")
    assert "0005_tags_go (upgrade) on SQLite" in shown
    assert "DROP TABLE product_tags" in shown
    document = json.loads(project.ok("locks", "0003_a", "--json"))
    assert [each["rewrites"] for each in document["statements"]].count(["orders"]) == 1
    project.write(
        "alembic_database/versions/0006_rows.py",
        """
revision = "0006_rows"
down_revision = "0005_tags_go"


def upgrade():
    from alembic import op
    op.get_bind().exec_driver_sql("SELECT id FROM orders").one()


def downgrade():
    pass
""",
    )
    failed = project.run("locks", "head")
    assert failed.returncode == 1
    assert "It stopped there" in failed.stdout
    assert "failed on the scratch copy" in failed.stderr
