"""What rows get where nobody can be asked."""

import pytest
import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table
from support.detections import detection

from alembic_manage.autodetect.steps.filling import neutral_filling
from alembic_manage.operations import FillRows, NumberRows


def shop(*columns, **options):
    metadata = MetaData()
    Table("users", metadata, Column("id", Integer, primary_key=True))
    Table("orders", metadata, Column("id", Integer, primary_key=True), *columns, **options)
    return metadata


def filling(metadata, column, name="postgresql"):
    found = detection(metadata, metadata, name)
    operations, remark = neutral_filling(found, "orders", column, metadata.tables["orders"].c[column].type, None)
    return (operations[0] if len(operations) == 1 else operations or None), remark


def test_plain_column_gets_a_value_that_means_nothing():
    operation, remark = filling(shop(Column("note", String(5))), "note")
    assert isinstance(operation, FillRows) and operation.value == "''"
    assert remark == "rows get ''."


def test_foreign_key_gets_the_first_key():
    operation, remark = filling(shop(Column("user_id", Integer, ForeignKey("users.id"))), "user_id")
    assert isinstance(operation, FillRows)
    assert operation.value == "(SELECT id FROM users ORDER BY id LIMIT 1)"
    assert "smallest users.id" in remark


def test_foreign_key_of_a_table_to_itself_reads_it_as_another():
    operation, _ = filling(shop(Column("parent_id", Integer, ForeignKey("orders.id"))), "parent_id", "mysql")
    assert isinstance(operation, FillRows)
    assert operation.value == "(SELECT * FROM (SELECT id FROM orders ORDER BY id LIMIT 1) AS first)"


@pytest.mark.parametrize(
    "unique", [sa.UniqueConstraint("code", name="uq"), sa.Index("ix", "code", unique=True)], ids=["constraint", "index"]
)
def test_unique_column_is_numbered(unique):
    operation, _ = filling(shop(Column("code", Integer), unique), "code")
    assert isinstance(operation, NumberRows) and operation.word == "number"


def test_unique_column_of_few_values_gets_one_value():
    unique = sa.UniqueConstraint("id", "flag", name="uq")
    operation, _ = filling(shop(Column("flag", sa.Boolean()), unique), "flag")
    assert isinstance(operation, FillRows)


def test_type_that_is_not_known_is_left_to_a_person():
    class Unknown(sa.types.UserDefinedType):
        cache_ok = True

        def get_col_spec(self, **_):
            return "POINT"

    operation, remark = filling(shop(Column("place", Unknown())), "place")
    assert operation is None and "fill the rows" in remark


def test_type_is_that_of_the_revision_where_the_database_has_another():
    operation, _ = filling(shop(Column("token", sa.Uuid())), "token", "sqlite")
    assert isinstance(operation, FillRows) and operation.value == f"'{'0' * 32}'"


def test_foreign_key_of_one_row_to_one_gets_another_key_for_each_row():
    user = Column("user_id", Integer, ForeignKey("users.id"))
    (numbers, keys), remark = filling(shop(user, sa.UniqueConstraint("user_id", name="uq")), "user_id")
    assert isinstance(numbers, NumberRows) and isinstance(keys, FillRows)
    assert "FROM users) AS numbered WHERE number = orders.user_id)" in keys.value
    assert remark == "each row gets another users.id; there must be enough."


def test_foreign_key_that_kept_some_values_gets_the_first_key():
    metadata = shop(Column("user_id", Integer, ForeignKey("users.id")), sa.UniqueConstraint("user_id", name="uq"))
    found = detection(metadata, metadata)
    operations, _ = neutral_filling(found, "orders", "user_id", Integer(), None, is_gone=False)
    assert [type(each) for each in operations] == [FillRows]
