"""What models modules define, in each of the ways of declaring models."""

import importlib

import pytest

from alembic_manage import ModelsError, Project
from alembic_manage.models import declarative_bases, mapped_classes, model_modules, plain_tables
from alembic_manage.settings.settings import load_settings

DECLARATIVE = """
    from sqlalchemy import Column, ForeignKey, Table
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase): pass

    class Timestamped(Base):
        __abstract__ = True

    class Author(Timestamped):
        __tablename__ = "authors"
        id: Mapped[int] = mapped_column(primary_key=True)

    links = Table("author_links", Base.metadata, Column("author_id", ForeignKey("authors.id")))
    _hidden = Table("hidden", Base.metadata, Column("author_id", ForeignKey("authors.id")))
"""
LEGACY = """
    from sqlalchemy import Column, Integer
    from sqlalchemy.orm import declarative_base
    Base = declarative_base()
    class Author(Base):
        __tablename__ = "authors"
        id = Column(Integer, primary_key=True)
"""
IMPERATIVE = """
    from sqlalchemy import Column, Integer, MetaData, Table
    from sqlalchemy.orm import registry
    mapper_registry = registry()
    class Author: pass
    authors = Table("authors", mapper_registry.metadata, Column("id", Integer, primary_key=True))
    mapper_registry.map_imperatively(Author, authors)
"""
SQLMODEL = """
    from sqlmodel import Field, SQLModel
    class {name}(SQLModel, table=True):
        id: int | None = Field(default=None, primary_key=True)
"""
BROKEN_RELATIONSHIP = """
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
    class Base(DeclarativeBase): pass
    class Author(Base):
        __tablename__ = "authors"
        id: Mapped[int] = mapped_column(primary_key=True)
        books = relationship("Book")
"""


@pytest.fixture
def module(write_module):
    """Writes shop/models.py and imports it."""

    def write(source):
        write_module("shop/models.py", source)
        return importlib.import_module("shop.models")

    return write


@pytest.mark.parametrize("source", [DECLARATIVE, LEGACY, IMPERATIVE, BROKEN_RELATIONSHIP])
def test_mapped_classes_are_found_however_they_are_mapped(module, source):
    models = module(source)
    assert mapped_classes([models]) == {"Author": models.Author}


def test_sqlmodel_classes_are_found(module):
    models = module(SQLMODEL.format(name="ShellAuthor"))
    assert mapped_classes([models])["ShellAuthor"] is models.ShellAuthor


def test_classes_of_the_same_registry_are_found_wherever_they_are(module, write_module):
    models = module(DECLARATIVE)
    write_module(
        "shop/elsewhere.py",
        """
        from shop.models import Base, Mapped, mapped_column
        class Book(Base):
            __tablename__ = "books"
            id: Mapped[int] = mapped_column(primary_key=True)
        """,
    )
    book = importlib.import_module("shop.elsewhere").Book
    assert mapped_classes([models]) == {"Author": models.Author, "Book": book}


def test_of_two_classes_with_one_name_the_first_counts(write_module):
    for app in ("one", "two"):
        write_module(f"{app}/models.py", DECLARATIVE)
    modules = [importlib.import_module(f"{app}.models") for app in ("two", "one")]
    assert mapped_classes(modules)["Author"].__module__ == "two.models"


def test_plain_tables_have_the_name_of_their_variable(module):
    models = module(DECLARATIVE)
    assert plain_tables([models]) == {"links": ("shop.models", models.links)}


@pytest.mark.parametrize("source", [DECLARATIVE, LEGACY])
def test_a_base_is_what_others_inherit_from_and_no_abstract_class_in_between(module, source):
    models = module(source)
    assert declarative_bases([models]) == [models.Base]


def test_a_base_that_several_modules_hold_counts_once(module, write_module):
    models = module(DECLARATIVE)
    write_module("shop/again.py", "from shop.models import Base")
    assert declarative_bases([models, importlib.import_module("shop.again")]) == [models.Base]


@pytest.mark.parametrize("source", [IMPERATIVE, SQLMODEL.format(name="ShellBook")])
def test_without_a_declarative_base_there_is_none(module, source):
    assert declarative_bases([module(source)]) == []


@pytest.fixture
def project(write_module):
    """Writes the settings and loads them."""

    def write(settings):
        write_module("models_settings.py", f'DATABASES = {{"default": {{"URL": "sqlite://"}}}}\n{settings}')
        return Project(load_settings("models_settings"))

    return write


def test_modules_are_those_of_the_apps_then_those_that_metadata_names(module, write_module, project):
    module(DECLARATIVE)
    write_module("other.py", LEGACY)
    found = model_modules(project('INSTALLED_APPS = ["shop"]\nMETADATA = ["other:Base", "shop.models:Base"]'))
    assert [module.__name__ for module in found] == ["shop.models", "other"]


def test_a_module_that_raises_is_named_with_its_line(write_module, project):
    write_module("shop/models.py", "x = 1\n1 / 0")
    with pytest.raises(ModelsError, match=r"shop/models\.py:2: ZeroDivisionError"):
        model_modules(project('INSTALLED_APPS = ["shop"]'))
