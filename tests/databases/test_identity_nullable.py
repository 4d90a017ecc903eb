"""A column becomes NOT NULL when it becomes an identity, and may be NULL again when it is none any more."""

import pytest
from sqlalchemy import BigInteger, Column, Identity, Integer, MetaData, Table
from support.databases import where
from support.truth import Truth


def models(*extra: Identity) -> MetaData:
    metadata = MetaData()
    Table("items", metadata, Column("id", Integer, primary_key=True), Column("number", Integer, *extra))
    return metadata


@where(lambda dialect: "postgresql" in dialect.names)
@pytest.mark.parametrize("becomes_one", [True, False])
def test_a_column_becomes_not_null_with_its_identity_and_null_without(evolution, becomes_one):
    before, after = (models(), models(Identity())) if becomes_one else (models(Identity()), models())
    evolution.become(before)
    evolution.execute("INSERT INTO items (id) VALUES (1)")
    evolution.write(after, Truth(evolution.project.dialect))
    evolution.assert_up_down_up()
    nullable = evolution.rows("SELECT is_nullable FROM information_schema.columns WHERE column_name = 'number'")
    assert nullable == [("NO" if becomes_one else "YES",)]


@where(lambda dialect: "postgresql" in dialect.names)
@pytest.mark.parametrize("becomes_one", [True, False])
def test_a_default_takes_the_place_of_an_identity_there_and_back(evolution, becomes_one):
    plain = MetaData()
    Table("items", plain, Column("id", Integer, primary_key=True), Column("number", BigInteger, server_default="1"))
    before, after = (plain, models(Identity())) if becomes_one else (models(Identity()), plain)
    evolution.become(before)
    evolution.execute("INSERT INTO items (id) VALUES (1)")
    evolution.write(after, Truth(evolution.project.dialect))
    evolution.assert_up_down_up()
