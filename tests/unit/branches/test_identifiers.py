"""Ids in the text of a revision file."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alembic_manage.branches.identifiers import ComputedIdentifierError, NewIds, with_ids
from alembic_manage.history import read_revision

TEMPLATE = '''"""add books

Revision ID: 0002_books
Revises: 0001_initial
Create Date: 2026-11-25 23:00:44.080164
"""

revision: str = "0002_books"
down_revision: Union[str, Sequence[str], None] = "0001_initial"
branch_labels = None
depends_on = None

NAME = "0002_books"  # 0002_books follows 0001_initial
'''
NEW = NewIds("0002_books", "0004_books", "0001_initial", "0003_prizes")


def changed(source: str, ids: NewIds = NEW) -> str:
    return with_ids(source.encode(), ids).decode()


def test_only_the_assignments_and_the_lines_of_the_docstring_change():
    expected = (
        TEMPLATE.replace("Revision ID: 0002_books", "Revision ID: 0004_books")
        .replace("Revises: 0001_initial", "Revises: 0003_prizes")
        .replace('revision: str = "0002_books"', 'revision: str = "0004_books"')
        .replace('None] = "0001_initial"', 'None] = "0003_prizes"')
    )
    assert changed(TEMPLATE) == expected


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_stay(ends):
    assert changed(TEMPLATE.replace("\n", ends)) == changed(TEMPLATE).replace("\n", ends)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1"])
def test_the_encoding_stays(encoding):
    source = f"# -*- coding: {encoding.removesuffix('-sig')} -*-\nx = 'ü'; revision = '0002_books'\n"
    source += "down_revision = ('0001_initial',)\n"
    found = with_ids(source.encode(encoding), NEW).decode(encoding)
    assert found == source.replace("0002_books", "0004_books").replace("0001_initial", "0003_prizes")


def test_quotes_stay_as_they_are():
    source = "revision = '0002_books'\ndown_revision = ['0001_initial']\n"
    assert changed(source) == "revision = '0004_books'\ndown_revision = ['0003_prizes']\n"


def test_a_base_gets_a_parent():
    source = '"""x\n\nRevision ID: a\nRevises: \n"""\nrevision = "a"\ndown_revision = None\n'
    assert changed(source, NewIds("a", "a", None, "b")) == source.replace("Revises: ", "Revises: b").replace(
        "down_revision = None", 'down_revision = "b"'
    )


def test_depends_on_changes_only_where_it_names_the_branch():
    source = 'revision = "0002_books"\ndown_revision = "0001_initial"\ndepends_on = ("0001_initial", "0001_x")\n'
    ids = NewIds("0002_books", "0004_books", "0001_initial", "0003_prizes", {"0001_x": "0003_x"})
    assert 'depends_on = ("0001_initial", "0003_x")' in changed(source, ids)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ('revision = "0002_" + "books"\ndown_revision = "0001_initial"\n', "revision"),
        ('revision = "0002_books"\ndown_revision = PARENT\n', "down_revision"),
        ('revision = "0002_books"\n', "down_revision"),
    ],
)
def test_a_computed_id_is_refused(source, name):
    with pytest.raises(ComputedIdentifierError, match=f"^{name}$"):
        changed(source)


lines = st.lists(st.text(st.characters(exclude_characters="\r\n\\\"'{}#\0", exclude_categories=["Cs"]), max_size=8))


@given(lines, lines)
def test_whatever_else_is_in_the_file_stays(before, after):
    def comments(texts: list[str]) -> str:
        return "".join(f"# {text}\nx = '{text}'\n" for text in texts)

    source = f"{comments(before)}revision = '0002_books'; down_revision = '0001_initial'\n{comments(after)}"
    ast.parse(source)
    expected = f"{comments(before)}revision = '0004_books'; down_revision = '0003_prizes'\n{comments(after)}"
    assert changed(source) == expected


def test_what_is_written_reads_as_the_new_revision(tmp_path):
    path = tmp_path / "x.py"
    path.write_text(changed(TEMPLATE), encoding="utf-8")
    revision = read_revision(path)
    assert (revision.id, revision.down_revisions) == ("0004_books", ("0003_prizes",))
