"""What the four formats say, also of odd names."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic_manage.diagram.diagram import Column, Diagram, Relation, Table
from alembic_manage.diagram.dot import dot
from alembic_manage.diagram.from_metadata import diagram_of
from alembic_manage.diagram.html import html
from alembic_manage.diagram.mermaid import mermaid
from alembic_manage.diagram.svg import svg

ODD = "a<b>&\"c'\x01]]>"
SVG = "{http://www.w3.org/2000/svg}"


def shop() -> Diagram:
    metadata = sa.MetaData()
    sa.Table("customers", metadata, sa.Column("id", sa.Integer, primary_key=True), comment="who\nbuys")
    sa.Table(
        "orders",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("customer_id", sa.ForeignKey("customers.id"), nullable=False),
        sa.Column("parent_id", sa.ForeignKey("orders.id")),
        sa.Column("number", sa.String(20), unique=True),
        sa.Column("price", sa.Numeric(10, 2)),
    )
    sa.Table("profiles", metadata, sa.Column("id", sa.ForeignKey("customers.id"), primary_key=True))
    sa.Table("elsewhere", metadata, sa.Column("id", sa.ForeignKey("gone.id")))
    return diagram_of([metadata], postgresql.dialect(), "shop")


def odd() -> Diagram:
    columns = (Column(ODD, ODD, is_primary=True), Column("", "", is_nullable=True))
    return Diagram(
        ODD, (Table(ODD, columns, ODD), Table("b", ())), (Relation(ODD, ODD, (ODD,)), Relation("b", ODD, ("x",)))
    )


def test_a_diagram_of_models_has_their_tables_columns_and_keys() -> None:
    diagram = shop()
    assert [table.name for table in diagram.tables] == ["customers", "elsewhere", "orders", "profiles"]
    assert diagram.tables[2].columns == (
        Column("id", "integer", is_primary=True, is_unique=True),
        Column("customer_id", "integer", is_foreign=True),
        Column("parent_id", "integer", is_foreign=True, is_nullable=True),
        Column("number", "varchar(20)", is_unique=True, is_nullable=True),
        Column("price", "numeric(10, 2)", is_nullable=True),
    )
    assert diagram.relations == (
        Relation("orders", "customers", ("customer_id",)),
        Relation("orders", "orders", ("parent_id",), is_optional=True),
        Relation("profiles", "customers", ("id",), is_single=True),
    )
    assert diagram.tables[0].comment == "who buys"


def test_a_part_of_a_diagram_has_the_keys_between_its_tables() -> None:
    part = shop().only({"orders", "profiles"})
    assert [each.parent for each in part.relations] == ["orders"]
    assert part.description == "2 tables, 1 foreign key"


def test_mermaid() -> None:
    assert mermaid(shop().only({"customers", "orders"})).splitlines() == [
        "---",
        'title: "shop"',
        "---",
        "erDiagram",
        '    "customers" {',
        "        integer id PK",
        "    }",
        '    "orders" {',
        "        integer id PK",
        "        integer customer_id FK",
        '        integer parent_id FK "null"',
        '        varchar(20) number UK "null"',
        '        numeric(10_2) price "null"',
        "    }",
        '    "customers" ||--o{ "orders" : "customer_id"',
        '    "orders" |o--o{ "orders" : "parent_id"',
    ]


def test_mermaid_of_odd_names_has_words_and_quotes_in_their_places() -> None:
    for line in mermaid(odd()).splitlines()[5:]:
        assert re.fullmatch(r' *("[^"<>]*"|[A-Za-z][\w()\[\]-]*|[|o]{2}--o[|{]|PK|[{}:]| )+', line), line


def test_dot() -> None:
    text = dot(shop())
    assert text.startswith('digraph "shop" {\n')
    assert '  "customers" -> "orders" [arrowtail=teetee, arrowhead=crowodot, label="customer_id"]' in text
    assert '  "customers" -> "profiles" [arrowtail=teetee, arrowhead=teeodot, label="id"]' in text
    assert '"a<b>&\\"c' in dot(odd())
    assert "<b>a&lt;b&gt;&amp;&quot;c" in dot(odd())


def test_svg_is_xml_with_every_table_column_and_key() -> None:
    root = ElementTree.fromstring(svg(shop()))
    tables = [each for each in root.iter(f"{SVG}g") if each.get("class") == "table"]
    assert [each.get("data-name") for each in tables] == ["customers", "elsewhere", "orders", "profiles"]
    assert [each.text for each in tables[2].iter(f"{SVG}text")][:4] == ["orders", "PK", "id", "integer"]
    assert len([each for each in root.iter(f"{SVG}g") if each.get("class") == "relation"]) == 3
    assert root.find(f"{SVG}title").text == "shop"  # type: ignore[union-attr]


def test_a_screen_reader_hears_what_a_table_is() -> None:
    root = ElementTree.fromstring(svg(shop()))
    said = {each.get("data-name"): each.get("aria-label") for each in root.iter(f"{SVG}g") if each.get("data-name")}
    assert said["customers"] == "Table customers. who buys. Columns: id integer primary key."
    assert said["profiles"] == "Table profiles. Columns: id integer primary key. Refers to customers."
    assert all(each.get("tabindex") == "0" for each in root.iter(f"{SVG}g") if each.get("data-name"))


def test_odd_names_are_escaped_in_svg_and_html() -> None:
    root = ElementTree.fromstring(svg(odd()))
    names = [each.get("data-name") for each in root.iter(f"{SVG}g") if each.get("data-name")]
    assert names == ["a<b>&\"c' ]]>", "b"]
    assert "<b>" not in html(odd())


def test_html_and_svg_ask_for_nothing_elsewhere() -> None:
    for text in (html(shop()), svg(shop())):
        assert not re.search(r'(?:src|href)="(?!data:)|url\(|@import', text)


def test_an_empty_diagram_is_one_too() -> None:
    empty = Diagram("nothing", (), ())
    ElementTree.fromstring(svg(empty))
    assert "erDiagram" in mermaid(empty)
