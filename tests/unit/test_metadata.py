"""Finding the MetaData, whatever kind of models a project has."""

import importlib

import pytest

from alembic_manage import ModelsError, SettingsError
from alembic_manage.apps import find_apps
from alembic_manage.metadata import collected_metadata, metadata_in, named_metadata, tables_of

DECLARATIVE = """
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase):
        pass

    class Order(Base):
        __tablename__ = "orders"
        id: Mapped[int] = mapped_column(primary_key=True)
    """
SQLMODEL = """
    from sqlmodel import Field, SQLModel

    class Order(SQLModel, table=True):
        __tablename__ = "sqlmodel_orders"
        id: int | None = Field(default=None, primary_key=True)
    """
FLASK = """
    from flask_sqlalchemy import SQLAlchemy

    db = SQLAlchemy()

    class Order(db.Model):
        id = db.Column(db.Integer, primary_key=True)
    """
FLASK_BINDS = """
    from flask_sqlalchemy import SQLAlchemy

    db = SQLAlchemy()

    class Order(db.Model):
        id = db.Column(db.Integer, primary_key=True)

    class Event(db.Model):
        __bind_key__ = "archive"
        id = db.Column(db.Integer, primary_key=True)
    """
DATACLASS = """
    from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

    class Base(MappedAsDataclass, DeclarativeBase):
        pass

    class Order(Base):
        __tablename__ = "orders"
        id: Mapped[int] = mapped_column(primary_key=True)
    """
REGISTRY = """
    from sqlalchemy.orm import Mapped, mapped_column, registry

    mapper = registry()

    @mapper.mapped_as_dataclass
    class Order:
        __tablename__ = "orders"
        id: Mapped[int] = mapped_column(primary_key=True)
    """
REGISTRY_ELSEWHERE = """
    import shop.mapping
    from sqlalchemy.orm import Mapped, mapped_column

    @shop.mapping.mapper.mapped_as_dataclass
    class Order:
        __tablename__ = "orders"
        id: Mapped[int] = mapped_column(primary_key=True)
    """
IMPERATIVE = """
    from dataclasses import dataclass
    from sqlalchemy import Column, Integer, Table
    from sqlalchemy.orm import registry

    mapper = registry()

    @dataclass
    class Order:
        id: int

    mapper.map_imperatively(Order, Table("orders", mapper.metadata, Column("id", Integer, primary_key=True)))
    """
CORE = """
    from sqlalchemy import Column, Integer, MetaData, Table

    orders = Table("orders", MetaData(), Column("id", Integer, primary_key=True))
    """
LEGACY = """
    from sqlalchemy import Column, Integer
    from sqlalchemy.orm import declarative_base

    Base = declarative_base()

    class Order(Base):
        __tablename__ = "orders"
        id = Column(Integer, primary_key=True)
    """
OBJECT = """
    from sqlalchemy import Column, Integer, MetaData, Table

    class Database:
        def __init__(self):
            self.metadata = MetaData()

    db = Database()
    Table("orders", db.metadata, Column("id", Integer, primary_key=True))
    """


@pytest.fixture
def collect(write_module, module_folder):
    """The MetaData found for apps whose models modules have these sources."""

    def collect(**sources: str):
        for name, source in sources.items():
            write_module(f"{name}/models.py", source)
        return collected_metadata(find_apps(sources), module_folder)

    return collect


@pytest.mark.parametrize(
    ("source", "table"),
    [
        (DECLARATIVE, "orders"),
        (SQLMODEL, "sqlmodel_orders"),
        (FLASK, "order"),
        (DATACLASS, "orders"),
        (REGISTRY, "orders"),
        (IMPERATIVE, "orders"),
        (CORE, "orders"),
        (LEGACY, "orders"),
        (OBJECT, "orders"),
    ],
    ids=["declarative", "sqlmodel", "flask", "dataclass", "registry", "imperative", "core", "legacy", "object"],
)
def test_every_kind_of_model_is_found(collect, source, table):
    (metadata,) = collect(shop=source)
    assert table in metadata.tables


def test_a_mapped_class_is_enough_where_its_registry_is_in_another_module(write_module, collect):
    write_module("shop/mapping.py", "from sqlalchemy.orm import registry\nmapper = registry()")
    (metadata,) = collect(shop=REGISTRY_ELSEWHERE)
    assert "orders" in metadata.tables


def test_each_bind_of_flask_sqlalchemy_has_a_metadata(collect):
    assert [set(metadata.tables) for metadata in collect(shop=FLASK_BINDS)] == [{"order"}, {"event"}]


def test_one_base_for_two_apps_counts_once(collect):
    blog = """
        from shop.models import Base, Mapped, mapped_column

        class Post(Base):
            __tablename__ = "posts"
            id: Mapped[int] = mapped_column(primary_key=True)
        """
    (metadata,) = collect(shop=DECLARATIVE, blog=blog)
    assert set(metadata.tables) == {"orders", "posts"}


def test_several_metadata_come_in_the_order_of_the_apps(collect):
    found = collect(shop=DECLARATIVE, blog=CORE.replace('"orders"', '"posts"'))
    assert [set(metadata.tables) for metadata in found] == [{"orders"}, {"posts"}]


def test_a_metadata_without_tables_is_left_out(collect):
    assert collect(shop="from sqlalchemy import MetaData\nempty = MetaData()") == ()


def test_a_models_module_without_models_gives_nothing(collect):
    assert collect(shop="import os\nvalue = 1") == ()


def test_every_module_of_a_models_package_counts(write_module, module_folder):
    write_module("shop/models/__init__.py")
    write_module("shop/models/orders.py", DECLARATIVE)
    (metadata,) = collected_metadata(find_apps(["shop"]), module_folder)
    assert set(metadata.tables) == {"orders"}


def test_an_object_that_answers_to_every_name_is_no_model(write_module, module_folder):
    write_module(
        "shop/models.py",
        """
        class Lazy:
            def __getattr__(self, name):
                raise RuntimeError("working outside of a context")

        lazy = Lazy()
        """,
    )
    assert collected_metadata(find_apps(["shop"]), module_folder) == ()


def test_an_attribute_called_metadata_that_is_something_else_is_no_model(write_module):
    write_module("other.py", "class Photo:\n    metadata = {'camera': 'x'}\nphoto = Photo()")
    assert list(metadata_in(importlib.import_module("other"))) == []


# The METADATA setting


@pytest.mark.parametrize("name", ["shop.models:Base", "shop.models:Base.metadata", "shop.models:Order"])
def test_metadata_is_named_by_what_holds_it(write_module, module_folder, name):
    write_module("shop/models.py", DECLARATIVE)
    (metadata,) = named_metadata([name], module_folder)
    assert set(metadata.tables) == {"orders"}


@pytest.mark.parametrize("name", ["shop:db", "shop:db.metadata"])
def test_metadata_may_be_that_of_a_db_object_in_the_package_itself(write_module, module_folder, name):
    write_module("shop/__init__.py", OBJECT)
    (metadata,) = named_metadata([name], module_folder)
    assert set(metadata.tables) == {"orders"}


def test_one_metadata_that_is_named_twice_counts_once(write_module, module_folder):
    write_module("shop/models.py", DECLARATIVE)
    assert len(named_metadata(["shop.models:Base", "shop.models:Order"], module_folder)) == 1


def test_several_metadata_keep_the_order_of_the_setting(write_module, module_folder):
    write_module("shop/models.py", DECLARATIVE)
    write_module("blog/models.py", CORE.replace('"orders"', '"posts"'))
    found = named_metadata(["blog.models:orders", "shop.models:Base"], module_folder)
    assert [set(metadata.tables) for metadata in found] == [{"posts"}, {"orders"}]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("shop.models", "module:attribute"),
        (":Base", "module:attribute"),
        ("shop.models:", "module:attribute"),
        ("nowhere:Base", "no module 'nowhere'"),
        ("shop.nowhere:Base", r"no module 'shop\.nowhere'"),
        ("shop.models:Bsae", "has no 'Bsae'"),
        ("shop.models:Base.nothing", r"has no 'Base\.nothing'"),
        ("shop.models:Mapped", "type without a MetaData"),
    ],
)
def test_a_wrong_name_is_refused_with_what_is_wrong(write_module, module_folder, name, message):
    write_module("shop/models.py", DECLARATIVE)
    with pytest.raises(SettingsError, match=message):
        named_metadata([name], module_folder)


@pytest.mark.parametrize(
    ("source", "error"), [("\n1 / 0", "ZeroDivisionError"), ("\nimport no_such_package", "no_such_package")]
)
def test_a_named_module_that_raises_is_shown_with_file_and_line(write_module, module_folder, source, error):
    write_module("shop/models.py", source)
    with pytest.raises(ModelsError, match=rf"shop/models\.py:2: .*{error}"):
        named_metadata(["shop.models:Base"], module_folder)


# Whose table is it?


def test_a_table_belongs_to_the_app_that_defines_it(write_module, module_folder):
    write_module("shop/models.py", DECLARATIVE)
    write_module(
        "blog/models.py",
        """
        from sqlalchemy import Column, ForeignKey, Table
        from shop.models import Base, Mapped, Order, mapped_column

        class Post(Base):
            __tablename__ = "posts"
            id: Mapped[int] = mapped_column(primary_key=True)

        post_orders = Table("post_orders", Base.metadata, Column("post_id", ForeignKey("posts.id"), primary_key=True))
        """,
    )
    shop, blog = find_apps(["shop", "blog"])
    assert tables_of(shop, module_folder) == {"orders"}
    assert tables_of(blog, module_folder) == {"posts", "post_orders"}


def test_a_table_of_a_schema_is_known_with_its_schema(write_module, module_folder):
    write_module(
        "shop/models.py",
        """
        from sqlalchemy import Column, Integer, MetaData, Table
        orders = Table("orders", MetaData(schema="sales"), Column("id", Integer, primary_key=True))
        """,
    )
    (shop,) = find_apps(["shop"])
    assert tables_of(shop, module_folder) == {"sales.orders"}
