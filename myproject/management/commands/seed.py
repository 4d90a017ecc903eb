"""Fills the tables with rows to play with: an example of a project's own command."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, func, insert, inspect, select
from sqlalchemy.exc import DBAPIError

from alembic_manage import BaseCommand, CommandError, CommandParser
from alembic_manage.command import add_database_argument
from alembic_manage.console import progress
from myproject.models import Customer, Order, OrderLine, OrderStatus, Product, Tag, product_tags

T = TypeVar("T")
Row = dict[str, Any]

CHUNK_ROWS = 1000
FIRST_NAMES = ("Ada", "Alan", "Barbara", "Claude", "Donald", "Edsger", "Frances", "Grace", "John", "Katherine", "Linus")
LAST_NAMES = ("Allen", "Dijkstra", "Hamilton", "Hopper", "Johnson", "Knuth", "Liskov", "Lovelace", "Shannon", "Turing")
ADJECTIVES = ("Blue", "Bright", "Folding", "Heavy", "Light", "Quiet", "Red", "Round", "Small", "Wooden")
THINGS = ("Basket", "Bench", "Bottle", "Chair", "Cup", "Desk", "Kettle", "Lamp", "Shelf", "Table")
TAGS = ("bestseller", "garden", "gift", "handmade", "kitchen", "new", "office", "sale")
NOTES = (None, None, None, "Leave it at the door.", "Please wrap it as a gift.", "Ring twice.")
FIRST_DAY = datetime(2025, 1, 1)


class Command(BaseCommand):
    """`seed`."""

    help = "Insert customers, products, tags, orders and order lines to play with. Run again, it adds more."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many rows, which ones, and where."""
        parser.add_argument("--customers", type=int, default=100, metavar="N", help="how many customers; default: 100")
        parser.add_argument("--random-seed", type=int, metavar="INT", help="the same number gives the same rows")
        add_database_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Insert everything in one transaction, and say how much it is."""
        if options["customers"] < 1:
            raise CommandError("--customers must be at least 1.", hint="python manage.py seed --customers 100")
        sample = Sample(options["customers"], random.Random(options["random_seed"]))
        database = self.project.database(options["database"])
        with progress(self.stdout, "Inserting rows", sample.total) as advance:
            created = database.run(lambda connection: Filling(connection, sample, advance).run())
        *words, last = (f"{count} {name if count != 1 else name[:-1]}" for name, count in created.items())
        self.stdout.write(self.style.SUCCESS(f"Created {', '.join(words)} and {last}."))


class Sample:
    """What will be inserted, as far as it does not depend on what the tables hold.

    Args:
        customers: how many.
        rng: the source of everything that is random.
    """

    def __init__(self, customers: int, rng: random.Random) -> None:
        self.rng = rng
        self.products = max(10, customers // 10)
        self.lines = [[rng.randint(1, 4) for _ in range(rng.randint(0, 4))] for _ in range(customers)]
        """For each customer the orders, and for each order the number of its lines."""

    @property
    def total(self) -> int:
        """The number of customers, products, orders and order lines."""
        return self.products + sum(1 + len(orders) + sum(orders) for orders in self.lines)

    def moment(self) -> datetime:
        """Some minute of the sample's year."""
        return FIRST_DAY + timedelta(minutes=self.rng.randrange(365 * 24 * 60))

    def customer(self, number: int) -> Row:
        """A customer; `number` makes the address unique."""
        first, last = self.rng.choice(FIRST_NAMES), self.rng.choice(LAST_NAMES)
        email = f"{first}.{last}.{number}@example.com".lower()
        return {"name": f"{first} {last}", "email": email, "joined_at": self.moment()}

    def product(self, number: int) -> Row:
        """A product; `number` makes its SKU unique."""
        name = f"{self.rng.choice(ADJECTIVES)} {self.rng.choice(THINGS)}"
        return {"sku": f"SKU-{number:06}", "name": name, "price": Decimal(self.rng.randint(199, 49900)) / 100}

    def order(self, customer_id: int) -> Row:
        """An order without its lines."""
        status, note = self.rng.choice(list(OrderStatus)), self.rng.choice(NOTES)
        return {"customer_id": customer_id, "status": status, "note": note, "placed_at": self.moment()}

    def lines_of(self, order_id: int, count: int, product_ids: Sequence[int]) -> list[Row]:
        """`count` lines of an order, each with another product."""
        return [
            {"order_id": order_id, "product_id": product_id, "quantity": self.rng.randint(1, 5)}
            for product_id in self.rng.sample(product_ids, count)
        ]

    def some(self, tag_ids: Sequence[int]) -> list[int]:
        """One to three tags."""
        return self.rng.sample(tag_ids, self.rng.randint(1, 3))


class Filling:
    """Inserts a sample into the tables.

    Only columns that are named in this file are written: a new one needs a server default, or a line here.

    Args:
        connection: where to; outside of a transaction.
        sample: what.
        advance: takes the number of rows just inserted.
    """

    def __init__(self, connection: Connection, sample: Sample, advance: Callable[[int], None]) -> None:
        self.connection = connection
        self.sample = sample
        self.advance = advance

    def run(self) -> Mapping[str, int]:
        """Insert everything in one transaction; how many rows of each kind that were.

        Raises:
            CommandError: a table is missing, or the database refuses a row.
        """
        try:
            with self.connection.begin():
                self._require_tables()
                tags = self._insert(Tag, self._missing_tags(), counted=False)
                product_ids = self._products()
                self._product_tags(product_ids)
                customers, orders, lines = self._customers(product_ids)
        except DBAPIError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise CommandError(f"Nothing was created: {reason}", hint="python manage.py migrate --check") from error
        created = {"customers": customers, "products": len(product_ids), "tags": tags}
        return created | {"orders": orders, "order lines": lines}

    def _require_tables(self) -> None:
        there = inspect(self.connection)
        names = [model.__tablename__ for model in (Customer, Product, Tag, Order, OrderLine)]
        missing = [name for name in [*names, product_tags.name] if not there.has_table(name)]
        if missing:
            raise CommandError(f"The database has no table {', '.join(missing)}.", hint="python manage.py migrate")

    def _missing_tags(self) -> list[Row]:
        known = set(self.connection.scalars(select(Tag.name).where(Tag.name.in_(TAGS))))
        return [{"name": name} for name in TAGS if name not in known]

    def _products(self) -> list[int]:
        number = self._next_number(Product.id)
        rows = [self.sample.product(number + index) for index in range(self.sample.products)]
        self._insert(Product, rows)
        return self._ids(Product.id, Product.sku, [row["sku"] for row in rows])

    def _product_tags(self, product_ids: Sequence[int]) -> None:
        tag_ids = self._ids(Tag.id, Tag.name, TAGS)
        links = (
            {"product_id": product_id, "tag_id": tag_id}
            for product_id in product_ids
            for tag_id in self.sample.some(tag_ids)
        )
        self._insert(product_tags, links, counted=False)

    def _customers(self, product_ids: Sequence[int]) -> tuple[int, int, int]:
        """The customers with their orders and order lines, a chunk of customers at a time; how many of each."""
        customers = orders = lines = 0
        number = self._next_number(Customer.id)
        for sizes in _chunks(self.sample.lines):
            rows = [self.sample.customer(number + customers + index) for index in range(len(sizes))]
            customers += self._insert(Customer, rows)
            ids = self._ids(Customer.id, Customer.email, [row["email"] for row in rows])
            buyers = (id for id, counts in zip(ids, sizes, strict=True) for _ in counts)
            orders += self._insert(Order, map(self.sample.order, buyers))
            counts = [count for counts in sizes for count in counts]
            # The newest ones: SQLite gives ids again, and leaves the orders of customers that were deleted.
            order_ids = self._ids(Order.id, Order.customer_id, ids)
            baskets = zip(order_ids[len(order_ids) - len(counts) :], counts, strict=True)
            lines += self._insert(
                OrderLine, (row for id, n in baskets for row in self.sample.lines_of(id, n, product_ids))
            )
        return customers, orders, lines

    def _insert(self, table: Any, rows: Iterable[Row], *, counted: bool = True) -> int:
        """How many rows that were; `counted` ones move the progress bar."""
        total = 0
        for chunk in _chunks(rows):
            self.connection.execute(insert(table), chunk)
            self.advance(len(chunk) if counted else 0)
            total += len(chunk)
        return total

    def _ids(self, id: Any, key: Any, keys: Sequence[Any]) -> list[int]:
        """The ids of the rows with these keys, in order."""
        found: list[int] = []
        for chunk in _chunks(keys):
            found += self.connection.scalars(select(id).where(key.in_(chunk)))
        return sorted(found)

    def _next_number(self, id: Any) -> int:
        """A number above every id. No id is below its row's number, so that numbers are unique from run to run."""
        return (self.connection.scalar(select(func.max(id))) or 0) + 1


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK_ROWS)):
        yield chunk
