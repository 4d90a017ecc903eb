"""The kinds of change that benchmarks/detection.py tries: models before and after, as source text, and rows.

The text runs with every name of SQLAlchemy, `postgresql`, `mysql`, and `metadata`; `items(...)` is a table with an id,
`enum(...)` an enum, which on SQLite has a CHECK.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

SERVERS = ("postgresql", "mariadb")
EVERYWHERE = ("postgresql", "mariadb", "sqlite")
ROW = ("INSERT INTO items (id) VALUES (1)",)


@dataclass(frozen=True)
class DjangoModels:
    """The same change in Django's words."""

    before: str
    """The file models.py, without its imports."""
    after: str
    note: str = ""
    """What the word of Django's means to the database, where it is not the same."""


@dataclass(frozen=True)
class Kind:
    """One kind of change."""

    title: str
    before: str
    after: str
    rows: tuple[str, ...] = ROW
    """Statements that fill the tables before the change."""
    databases: tuple[str, ...] = EVERYWHERE
    """Those that have the thing; the others get a dash."""
    django: DjangoModels | None = None
    """None where Django has no word for it."""
    is_rename: bool = False
    """Whether it counts only where it is seen as a rename or a move, not as a drop and an add."""
    renames: dict[str, str] = field(default_factory=dict)
    """What a person would answer: the new name by the old one, both without their tables."""
    keeps: tuple[str, object] | None = None
    """A query after the change, and the one value that it must give."""
    setup: tuple[str, ...] = ()
    """Statements that must run before the tables are made."""


def fields(before: str, after: str, note: str = "") -> DjangoModels:
    """One Django model with these fields before and after."""
    return DjangoModels(_model(before), _model(after), note)


def meta(fields: str, before: str, after: str, note: str = "") -> DjangoModels:
    """One Django model with these fields, and another Meta before and after."""
    return DjangoModels(_model(fields, before), _model(fields, after), note)


def _model(text: str, meta: str = "") -> str:
    lines = [line.strip() for line in text.strip().splitlines()] or ["pass"]
    options = ["class Meta:", f"    {meta}"] if meta else []
    return "\n".join(["class Item(models.Model):", *(f"    {line}" for line in [*lines, *options])])


def _both(parent: str, child: str) -> str:
    return f"{_model(parent).replace('Item', 'Parent')}\n\n\n{_model(child)}"


STATUS = ("INSERT INTO items (id, status) VALUES (1, 'open')", "INSERT INTO items (id, status) VALUES (2, 'closed')")
CHOICES = "a change of `choices`, of which the database learns nothing"
ON_DELETE = "Django itself does it, not the database"
TOTALS = ("INSERT INTO items (id, total) VALUES (1, 5)", "INSERT INTO items (id, total) VALUES (2, 7)")
NAMES = ("INSERT INTO items (id, name) VALUES (1, 'one')", "INSERT INTO items (id, name) VALUES (2, 'two')")
CHILDREN = ("INSERT INTO parents (id) VALUES (1)", "INSERT INTO items (id, parent_id) VALUES (1, 1)")
PARENTS = 'Table("parents", metadata, Column("id", Integer, primary_key=True))\n'
TOTAL = 'items(Column("total", Integer)'
NAME = 'items(Column("name", String(20))'
GOODS = f'{NAME}, Column("price", Numeric(10, 2)), Column("weight", Integer), Column("sold_at", DateTime)'
DJANGO_GOODS = """name = models.CharField(max_length=20)
price = models.DecimalField(max_digits=10, decimal_places=2)
weight = models.IntegerField()
sold_at = models.DateTimeField()"""


PLACES = 'items(Column("town", String(20)), Column("street", String(20)), Column("floor", Integer)'
DJANGO_PLACES = """town = models.CharField(max_length=20)
street = models.CharField(max_length=20)
floor = models.IntegerField()"""


def _two_models(item: str, place: str) -> str:
    return f"{_model(item)}\n\n\n{_model(place).replace('Item', 'Place')}"


def _status(*values: str) -> str:
    return f"items(Column('status', enum({', '.join(repr(value) for value in values)})))"


def _choices(*values: str) -> str:
    return f"status = models.CharField(max_length=9, choices={[(value, value) for value in values]!r})"


def _enum(title: str, before: str, after: str, renames: dict[str, str] | None = None) -> Kind:
    old, new = before.split(), after.split()
    kept = new[old.index("closed")] if renames else "closed"
    return Kind(
        title,
        _status(*old),
        _status(*new),
        STATUS,
        django=fields(_choices(*old), _choices(*new), CHOICES),
        is_rename=bool(renames),
        renames=renames or {},
        keeps=("SELECT status FROM items WHERE id = 2", kept),
    )


def _reference(options: str = "") -> str:
    key = f'ForeignKey("parents.id", name="fk_items_parent"{options})'
    return f'{PARENTS}items(Column("parent_id", Integer, {key}))'


def _index(what: str) -> str:
    of_table = re.sub(r"\bc\.", "table.c.", what)
    return f'table = items(Column("name", String(20)), Column("total", Integer))\nIndex("ix_items_name", {of_table})'


def _indexed(
    title: str,
    before: str,
    after: str,
    databases: tuple[str, ...] = EVERYWHERE,
    django: tuple[str, str] | None = None,
) -> Kind:
    columns = "name = models.CharField(max_length=20)\ntotal = models.IntegerField(null=True)"
    words = django and meta(columns, f"indexes = [{django[0]}]", f"indexes = [{django[1]}]")
    return Kind(title, _index(before), _index(after), NAMES, databases, words or None)


def _exclude(operator: str) -> str:
    exclude = f'postgresql.ExcludeConstraint(("during", "{operator}"), using="gist", name="ex_items_during")'
    return f'items(Column("during", postgresql.TSRANGE()), {exclude})'


def _excluded(operator: str) -> str:
    return (
        "constraints = [ExclusionConstraint(name='ex_items_during', "
        f"expressions=[('during', RangeOperators.{operator})])]"
    )


def _sequence(options: str) -> str:
    return f'Sequence("numbers", metadata=metadata{options})\nitems()'


def _options(what: str) -> str:
    return f"items({what})"


ENUMS = (
    _enum("enum value appended", "open closed", "open closed void"),
    _enum("enum value inserted", "open closed", "open void closed"),
    _enum("enum value removed", "open closed void", "open closed"),
    _enum("enum value renamed", "open closed", "open CLOSED", {"closed": "CLOSED"}),
    _enum("enum values reordered", "open closed", "closed open"),
    Kind(
        "enum type of its own in an added column",
        "items()",
        _status("open", "closed"),
        django=fields("", _choices("open", "closed").replace("9,", "9, null=True,")),
    ),
)

CONSTRAINTS = (
    Kind(
        "CHECK added",
        f"{TOTAL})",
        f'{TOTAL}, CheckConstraint("total > 0", name="ck_items_total"))',
        TOTALS,
        django=meta(
            "total = models.IntegerField()",
            "pass",
            "constraints = [models.CheckConstraint(name='ck_items_total', condition=models.Q(total__gt=0))]",
        ),
    ),
    Kind(
        "CHECK changed",
        f'{TOTAL}, CheckConstraint("total > 0", name="ck_items_total"))',
        f'{TOTAL}, CheckConstraint("total > 1", name="ck_items_total"))',
        TOTALS,
        django=meta(
            "total = models.IntegerField()",
            "constraints = [models.CheckConstraint(name='ck_items_total', condition=models.Q(total__gt=0))]",
            "constraints = [models.CheckConstraint(name='ck_items_total', condition=models.Q(total__gt=1))]",
        ),
    ),
    Kind(
        "CHECK removed",
        f'{TOTAL}, CheckConstraint("total > 0", name="ck_items_total"))',
        f"{TOTAL})",
        TOTALS,
        django=meta(
            "total = models.IntegerField()",
            "constraints = [models.CheckConstraint(name='ck_items_total', condition=models.Q(total__gt=0))]",
            "pass",
        ),
    ),
    Kind(
        "primary key changed",
        'Table("items", metadata, Column("id", Integer, primary_key=True, autoincrement=False), '
        'Column("region", Integer, nullable=False))',
        'Table("items", metadata, Column("id", Integer, primary_key=True, autoincrement=False), '
        'Column("region", Integer, primary_key=True, autoincrement=False))',
        ("INSERT INTO items (id, region) VALUES (1, 1)",),
        django=fields(
            "id = models.IntegerField(primary_key=True)\nregion = models.IntegerField()",
            "pk = models.CompositePrimaryKey('id', 'region')\nid = models.IntegerField()\n"
            "region = models.IntegerField()",
        ),
    ),
    Kind(
        "UNIQUE added",
        f"{NAME})",
        f'{NAME}, UniqueConstraint("name", name="uq_items_name"))',
        NAMES,
        django=fields("name = models.CharField(max_length=20)", "name = models.CharField(max_length=20, unique=True)"),
    ),
    Kind(
        "UNIQUE removed",
        f'{NAME}, UniqueConstraint("name", name="uq_items_name"))',
        f"{NAME})",
        NAMES,
        django=fields("name = models.CharField(max_length=20, unique=True)", "name = models.CharField(max_length=20)"),
    ),
    Kind(
        "exclusion constraint added",
        'items(Column("during", postgresql.TSRANGE()))',
        _exclude("&&"),
        databases=("postgresql",),
        django=meta("during = DateTimeRangeField(null=True)", "pass", _excluded("OVERLAPS")),
    ),
    Kind(
        "exclusion constraint changed",
        _exclude("&&"),
        _exclude("-|-"),
        databases=("postgresql",),
        django=meta("during = DateTimeRangeField(null=True)", _excluded("OVERLAPS"), _excluded("ADJACENT_TO")),
    ),
    Kind(
        "exclusion constraint removed",
        _exclude("&&"),
        'items(Column("during", postgresql.TSRANGE()))',
        databases=("postgresql",),
        django=meta("during = DateTimeRangeField(null=True)", _excluded("OVERLAPS"), "pass"),
    ),
    Kind(
        "constraint renamed",
        f'{NAME}, UniqueConstraint("name", name="uq_items_name"))',
        f'{NAME}, UniqueConstraint("name", name="uq_items_label"))',
        NAMES,
        is_rename=True,
        renames={"uq_items_name": "uq_items_label"},
        django=meta(
            "name = models.CharField(max_length=20)",
            "constraints = [models.UniqueConstraint(name='uq_items_name', fields=['name'])]",
            "constraints = [models.UniqueConstraint(name='uq_items_label', fields=['name'])]",
        ),
    ),
)

FOREIGN_KEYS = (
    Kind(
        "foreign key added",
        f'{PARENTS}items(Column("parent_id", Integer))',
        _reference(),
        CHILDREN,
        django=DjangoModels(
            _both("", "parent_id = models.IntegerField(null=True)"),
            _both("", "parent = models.ForeignKey(Parent, models.PROTECT, null=True)"),
        ),
    ),
    Kind(
        "foreign key removed",
        _reference(),
        f'{PARENTS}items(Column("parent_id", Integer))',
        CHILDREN,
        django=DjangoModels(
            _both("", "parent = models.ForeignKey(Parent, models.PROTECT, null=True)"),
            _both("", "parent = models.ForeignKey(Parent, models.PROTECT, null=True, db_constraint=False)"),
        ),
    ),
    Kind(
        "foreign key: ON DELETE",
        _reference(),
        _reference(', ondelete="CASCADE"'),
        CHILDREN,
        django=DjangoModels(
            _both("", "parent = models.ForeignKey(Parent, models.PROTECT, null=True)"),
            _both("", "parent = models.ForeignKey(Parent, models.CASCADE, null=True)"),
            ON_DELETE,
        ),
    ),
    Kind("foreign key: ON UPDATE", _reference(), _reference(', onupdate="CASCADE"'), CHILDREN),
    Kind(
        "foreign key: DEFERRABLE",
        _reference(),
        _reference(', deferrable=True, initially="DEFERRED"'),
        CHILDREN,
        ("postgresql", "sqlite"),
    ),
    Kind(
        "two new tables that refer to one another",
        "items()",
        'items()\nTable("boxes", metadata, Column("id", Integer, primary_key=True), '
        'Column("lid_id", Integer, ForeignKey("lids.id", name="fk_boxes_lid")))\n'
        'Table("lids", metadata, Column("id", Integer, primary_key=True), '
        'Column("box_id", Integer, ForeignKey("boxes.id", name="fk_lids_box")))',
        django=DjangoModels(
            _model(""),
            f"{_model('')}\n\n\nclass Box(models.Model):\n"
            "    lid = models.ForeignKey('Lid', models.PROTECT, null=True)\n\n\n"
            "class Lid(models.Model):\n    box = models.ForeignKey('Box', models.PROTECT, null=True)",
        ),
    ),
)

INDEXES = (
    Kind(
        "index added",
        'items(Column("name", String(20)), Column("total", Integer))',
        _index("c.name"),
        NAMES,
        django=meta(
            "name = models.CharField(max_length=20)",
            "pass",
            "indexes = [models.Index(name='ix_items_name', fields=['name'])]",
        ),
    ),
    Kind(
        "index removed",
        _index("c.name"),
        'items(Column("name", String(20)), Column("total", Integer))',
        NAMES,
        django=meta(
            "name = models.CharField(max_length=20)",
            "indexes = [models.Index(name='ix_items_name', fields=['name'])]",
            "pass",
        ),
    ),
    _indexed(
        "index: columns",
        "c.name",
        "c.name, c.total",
        django=(
            "models.Index(name='ix_items_name', fields=['name'])",
            "models.Index(name='ix_items_name', fields=['name', 'total'])",
        ),
    ),
    _indexed(
        "index: UNIQUE",
        "c.name",
        "c.name, unique=True",
        django=None,
    ),
    _indexed(
        "index: WHERE",
        'c.name, postgresql_where=text("total > 0"), sqlite_where=text("total > 0")',
        'c.name, postgresql_where=text("total > 1"), sqlite_where=text("total > 1")',
        ("postgresql", "sqlite"),
        (
            "models.Index(name='ix_items_name', fields=['name'], condition=models.Q(total__gt=0))",
            "models.Index(name='ix_items_name', fields=['name'], condition=models.Q(total__gt=1))",
        ),
    ),
    _indexed(
        "index: expression",
        "func.lower(c.name)",
        "func.upper(c.name)",
        ("postgresql", "sqlite"),
        ("models.Index(Lower('name'), name='ix_items_name')", "models.Index(Upper('name'), name='ix_items_name')"),
    ),
    _indexed(
        "index: INCLUDE",
        "c.name",
        'c.name, postgresql_include=["total"]',
        ("postgresql",),
        (
            "models.Index(name='ix_items_name', fields=['name'])",
            "models.Index(name='ix_items_name', fields=['name'], include=['total'])",
        ),
    ),
    _indexed(
        "index: operator class",
        "c.name",
        'c.name, postgresql_ops={"name": "varchar_pattern_ops"}',
        ("postgresql",),
        (
            "models.Index(name='ix_items_name', fields=['name'])",
            "models.Index(name='ix_items_name', fields=['name'], opclasses=['varchar_pattern_ops'])",
        ),
    ),
    _indexed(
        "index: method",
        "c.name",
        'c.name, postgresql_using="hash"',
        ("postgresql",),
        ("models.Index(name='ix_items_name', fields=['name'])", "HashIndex(name='ix_items_name', fields=['name'])"),
    ),
    _indexed(
        "index: sort order",
        "c.total",
        "c.total.desc()",
        django=(
            "models.Index(name='ix_items_name', fields=['total'])",
            "models.Index(name='ix_items_name', fields=['-total'])",
        ),
    ),
    _indexed("index: length of a prefix", "c.name", 'c.name, mysql_length={"name": 5}', ("mariadb",)),
    Kind(
        "index renamed",
        _index("c.name"),
        _index("c.name").replace("ix_items_name", "ix_items_label"),
        NAMES,
        is_rename=True,
        renames={"ix_items_name": "ix_items_label"},
        django=meta(
            "name = models.CharField(max_length=20)",
            "indexes = [models.Index(name='ix_items_name', fields=['name'])]",
            "indexes = [models.Index(name='ix_items_label', fields=['name'])]",
        ),
    ),
)

COLUMNS = (
    Kind(
        "column added",
        "items()",
        f"{NAME})",
        django=fields("", "name = models.CharField(max_length=20, null=True)"),
    ),
    Kind(
        "column removed",
        f"{NAME})",
        "items()",
        NAMES,
        django=fields("name = models.CharField(max_length=20, null=True)", ""),
    ),
    Kind(
        "column renamed",
        'items(Column("placed", String(20)))',
        'items(Column("placed_at", String(20)))',
        ("INSERT INTO items (id, placed) VALUES (1, 'x')",),
        is_rename=True,
        renames={"placed": "placed_at"},
        keeps=("SELECT placed_at FROM items", "x"),
        django=fields("placed = models.CharField(max_length=20)", "placed_at = models.CharField(max_length=20)"),
    ),
    Kind(
        "column renamed, with another type",
        'items(Column("placed", String(20)))',
        'items(Column("placed_at", String(50)))',
        ("INSERT INTO items (id, placed) VALUES (1, 'x')",),
        is_rename=True,
        renames={"placed": "placed_at"},
        keeps=("SELECT placed_at FROM items", "x"),
        django=fields(
            "placed = models.CharField(max_length=20, null=True)",
            "placed_at = models.CharField(max_length=50, null=True)",
        ),
    ),
    Kind(
        "two columns swapped",
        'items(Column("first", String(50)), Column("second", Integer))',
        'items(Column("second", String(50)), Column("first", Integer))',
        ("INSERT INTO items (id, first, second) VALUES (1, 'x', 7)",),
        is_rename=True,
        renames={"first": "second", "second": "first"},
        keeps=("SELECT second FROM items", "x"),
        django=fields(
            "first = models.CharField(max_length=50, null=True)\nsecond = models.IntegerField(null=True)",
            "second = models.CharField(max_length=50, null=True)\nfirst = models.IntegerField(null=True)",
        ),
    ),
    Kind(
        "chain of renames (a to b, b to c)",
        'items(Column("name", String(50)), Column("title", Integer))',
        'items(Column("title", String(50)), Column("title_id", Integer))',
        ("INSERT INTO items (id, name, title) VALUES (1, 'x', 7)",),
        is_rename=True,
        renames={"name": "title", "title": "title_id"},
        keeps=("SELECT title FROM items", "x"),
        django=fields(
            "name = models.CharField(max_length=50, null=True)\ntitle = models.IntegerField(null=True)",
            "title = models.CharField(max_length=50, null=True)\ntitle_id = models.IntegerField(null=True)",
        ),
    ),
    Kind(
        "column order",
        'items(Column("a", Integer), Column("b", String(20)))',
        'items(Column("b", String(20)), Column("a", Integer))',
        ("INSERT INTO items (id, a, b) VALUES (1, 7, 'x')",),
        ("mariadb", "sqlite"),
        keeps=("SELECT b FROM items", "x"),
        django=fields(
            "a = models.IntegerField()\nb = models.CharField(max_length=20)",
            "b = models.CharField(max_length=20)\na = models.IntegerField()",
        ),
    ),
    Kind(
        "type",
        f"{TOTAL})",
        f"{TOTAL})".replace("Integer", "BigInteger"),
        TOTALS,
        keeps=("SELECT total FROM items WHERE id = 2", 7),
        django=fields("total = models.IntegerField()", "total = models.BigIntegerField()"),
    ),
    Kind(
        "type that needs a conversion (text to integer)",
        'items(Column("total", String(20)))',
        f"{TOTAL})",
        ("INSERT INTO items (id, total) VALUES (1, '7')",),
        keeps=("SELECT total FROM items", 7),
        django=fields("total = models.CharField(max_length=20)", "total = models.IntegerField()"),
    ),
    Kind(
        "length",
        f"{NAME})",
        f"{NAME})".replace("20", "50"),
        NAMES,
        keeps=("SELECT name FROM items WHERE id = 2", "two"),
        django=fields("name = models.CharField(max_length=20)", "name = models.CharField(max_length=50)"),
    ),
    Kind(
        "precision",
        'items(Column("total", Numeric(10, 2)))',
        'items(Column("total", Numeric(12, 2)))',
        TOTALS,
        django=fields(
            "total = models.DecimalField(max_digits=10, decimal_places=2)",
            "total = models.DecimalField(max_digits=12, decimal_places=2)",
        ),
    ),
    Kind(
        "NULL to NOT NULL",
        f"{TOTAL})",
        'items(Column("total", Integer, nullable=False))',
        (*TOTALS, "INSERT INTO items (id) VALUES (3)"),
        keeps=("SELECT total FROM items WHERE id = 2", 7),
        django=fields("total = models.IntegerField(null=True)", "total = models.IntegerField()"),
    ),
    Kind(
        "NOT NULL to NULL",
        'items(Column("total", Integer, nullable=False))',
        f"{TOTAL})",
        TOTALS,
        django=fields("total = models.IntegerField()", "total = models.IntegerField(null=True)"),
    ),
    Kind(
        "time zone",
        'items(Column("at", DateTime()))',
        'items(Column("at", DateTime(timezone=True)))',
        ("INSERT INTO items (id, at) VALUES (1, '2026-01-02 03:04:05')",),
        ("postgresql",),
    ),
    Kind(
        "collation",
        'items(Column("name", String(20, collation=collations[0])))',
        'items(Column("name", String(20, collation=collations[1])))',
        NAMES,
        keeps=("SELECT name FROM items WHERE id = 2", "two"),
        django=fields(
            "name = models.CharField(max_length=20, db_collation='C')",
            "name = models.CharField(max_length=20, db_collation='POSIX')",
        ),
    ),
    Kind(
        "server default added",
        f"{TOTAL})",
        'items(Column("total", Integer, server_default="1"))',
        TOTALS,
        django=fields("total = models.IntegerField()", "total = models.IntegerField(db_default=1)"),
    ),
    Kind(
        "server default changed",
        'items(Column("total", Integer, server_default="1"))',
        'items(Column("total", Integer, server_default="2"))',
        TOTALS,
        django=fields("total = models.IntegerField(db_default=1)", "total = models.IntegerField(db_default=2)"),
    ),
    Kind(
        "server default removed",
        'items(Column("total", Integer, server_default="1"))',
        f"{TOTAL})",
        TOTALS,
        django=fields("total = models.IntegerField(db_default=1)", "total = models.IntegerField()"),
    ),
    Kind(
        "Identity added",
        'items(Column("number", Integer, nullable=False))',
        'items(Column("number", Integer, Identity(), nullable=False))',
        ("INSERT INTO items (id, number) VALUES (1, 1)",),
        ("postgresql",),
    ),
    Kind(
        "Identity: options",
        'items(Column("number", Integer, Identity(), nullable=False))',
        'items(Column("number", Integer, Identity(start=100, increment=10), nullable=False))',
        databases=("postgresql",),
    ),
    Kind(
        "Identity: ALWAYS",
        'items(Column("number", Integer, Identity(), nullable=False))',
        'items(Column("number", Integer, Identity(always=True), nullable=False))',
        databases=("postgresql",),
    ),
    Kind(
        "Identity removed",
        'items(Column("number", Integer, Identity(), nullable=False))',
        'items(Column("number", Integer, nullable=False))',
        databases=("postgresql",),
    ),
    Kind(
        "numbering by the database added",
        'Table("tickets", metadata, Column("id", Integer, primary_key=True, autoincrement=False))',
        'Table("tickets", metadata, Column("id", Integer, primary_key=True))',
        ("INSERT INTO tickets (id) VALUES (7)",),
        ("postgresql", "mariadb"),
    ),
    Kind(
        "numbering by the database removed",
        'Table("tickets", metadata, Column("id", Integer, primary_key=True))',
        'Table("tickets", metadata, Column("id", Integer, primary_key=True, autoincrement=False))',
        ("INSERT INTO tickets (id) VALUES (7)",),
        ("postgresql", "mariadb"),
    ),
    Kind(
        "computed column added",
        f"{TOTAL})",
        f'{TOTAL}, Column("twice", Integer, Computed("total * 2", persisted=True)))',
        TOTALS,
        keeps=("SELECT twice FROM items WHERE id = 2", 14),
        django=fields(
            "total = models.IntegerField()",
            "total = models.IntegerField()\ntwice = models.GeneratedField(expression=models.F('total') * 2, "
            "output_field=models.IntegerField(), db_persist=True)",
        ),
    ),
    Kind(
        "computed column: expression",
        f'{TOTAL}, Column("more", Integer, Computed("total * 2", persisted=True)))',
        f'{TOTAL}, Column("more", Integer, Computed("total * 3", persisted=True)))',
        TOTALS,
        keeps=("SELECT more FROM items WHERE id = 2", 21),
        django=fields(
            "total = models.IntegerField()\ntwice = models.GeneratedField(expression=models.F('total') * 2, "
            "output_field=models.IntegerField(), db_persist=True)",
            "total = models.IntegerField()\ntwice = models.GeneratedField(expression=models.F('total') * 3, "
            "output_field=models.IntegerField(), db_persist=True)",
        ),
    ),
    Kind(
        "column becomes computed",
        f'{TOTAL}, Column("more", Integer))',
        f'{TOTAL}, Column("more", Integer, Computed("total * 2", persisted=True)))',
        TOTALS,
        keeps=("SELECT more FROM items WHERE id = 2", 14),
        django=fields(
            "total = models.IntegerField()\ntwice = models.IntegerField(null=True)",
            "total = models.IntegerField()\ntwice = models.GeneratedField(expression=models.F('total') * 2, "
            "output_field=models.IntegerField(), db_persist=True)",
        ),
    ),
    Kind(
        "column comment",
        f"{TOTAL})",
        'items(Column("total", Integer, comment="in cents"))',
        TOTALS,
        SERVERS,
        django=fields("total = models.IntegerField()", "total = models.IntegerField(db_comment='in cents')"),
    ),
)

TABLES = (
    Kind(
        "table added",
        "items()",
        f"{PARENTS}items()",
        django=DjangoModels(_model(""), f"{_model('')}\n\n\n{_model('').replace('Item', 'Parent')}"),
    ),
    Kind(
        "table removed",
        f"{PARENTS}items()",
        "items()",
        django=DjangoModels(f"{_model('')}\n\n\n{_model('').replace('Item', 'Parent')}", _model("")),
    ),
    Kind(
        "table renamed",
        f"{GOODS})",
        f'{GOODS}, name="things")',
        NAMES,
        is_rename=True,
        renames={"items": "things"},
        keeps=("SELECT name FROM things WHERE id = 2", "two"),
        django=DjangoModels(_model(DJANGO_GOODS), _model(DJANGO_GOODS).replace("Item", "Thing")),
    ),
    Kind(
        "two tables swapped",
        f'{GOODS})\n{PLACES}, name="places")',
        f'{PLACES})\n{GOODS}, name="places")',
        NAMES,
        is_rename=True,
        renames={"items": "places", "places": "items"},
        keeps=("SELECT name FROM places WHERE id = 2", "two"),
        django=DjangoModels(_two_models(DJANGO_GOODS, DJANGO_PLACES), _two_models(DJANGO_PLACES, DJANGO_GOODS)),
    ),
    Kind(
        "a new table takes the name of a renamed one",
        f"{GOODS})",
        f'{PLACES})\n{GOODS}, name="things")',
        NAMES,
        is_rename=True,
        renames={"items": "things"},
        keeps=("SELECT name FROM things WHERE id = 2", "two"),
        django=DjangoModels(_model(DJANGO_GOODS), _two_models(DJANGO_PLACES, DJANGO_GOODS).replace("Place", "Thing")),
    ),
    Kind(
        "table moved to another schema",
        f"{GOODS})",
        f'{GOODS}, schema="archive")',
        NAMES,
        ("postgresql",),
        is_rename=True,
        renames={"items": "items"},
        keeps=("SELECT name FROM archive.items WHERE id = 2", "two"),
        setup=("CREATE SCHEMA archive",),
    ),
    Kind(
        "table comment",
        _options('comment="old"'),
        _options('comment="new"'),
        databases=SERVERS,
        django=meta("", "db_table_comment = 'old'", "db_table_comment = 'new'"),
    ),
    Kind(
        "table option: engine", _options('mysql_engine="InnoDB"'), _options('mysql_engine="MyISAM"'), ROW, ("mariadb",)
    ),
    Kind(
        "table option: character set",
        _options('mysql_charset="utf8mb4"'),
        _options('mysql_charset="latin1"'),
        ROW,
        ("mariadb",),
    ),
    Kind(
        "table option: row format",
        _options('mysql_row_format="DYNAMIC"'),
        _options('mysql_row_format="COMPACT"'),
        ROW,
        ("mariadb",),
    ),
)

SEQUENCES = (
    Kind("sequence added", "items()", _sequence(""), databases=SERVERS),
    Kind("sequence removed", _sequence(""), "items()", databases=SERVERS),
    Kind("sequence: options", _sequence(""), _sequence(", increment=10, maxvalue=1000"), databases=SERVERS),
)

GROUPS = {
    "Enums": ENUMS,
    "Columns": COLUMNS,
    "Constraints": CONSTRAINTS,
    "Foreign keys": FOREIGN_KEYS,
    "Indexes": INDEXES,
    "Tables": TABLES,
    "Sequences": SEQUENCES,
}
"""The rows of the page, by heading."""
KINDS = tuple(kind for group in GROUPS.values() for kind in group)
