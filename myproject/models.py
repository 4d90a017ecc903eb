"""Customers, products, orders and tags of a small shop."""

from __future__ import annotations

import enum
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Column, Enum, ForeignKey, Index, MetaData, Numeric, String, Table, func, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

# With a name for every constraint, each of them can be dropped again on every database.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of all models; `Base.metadata` holds their tables."""

    metadata = MetaData(naming_convention=NAMES)


class OrderStatus(enum.Enum):
    """How far an order is."""

    OPEN = "open"
    PAID = "paid"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


product_tags = Table(
    "product_tags",
    Base.metadata,
    Column("product_id", ForeignKey("products.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True),
)


class Customer(Base):
    """Somebody who orders."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    joined_at: Mapped[datetime] = mapped_column(server_default=func.now())

    orders: Mapped[list[Order]] = relationship(back_populates="customer", passive_deletes=True)


class Product(Base):
    """Something that can be ordered."""

    __tablename__ = "products"
    __table_args__ = (CheckConstraint("price >= 0", name="price_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))

    tags: Mapped[list[Tag]] = relationship(secondary=product_tags, back_populates="products")


class Tag(Base):
    """A word that groups products."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50), unique=True)

    products: Mapped[list[Product]] = relationship(secondary=product_tags, back_populates="tags")


class Order(Base):
    """What a customer orders at one time; it goes when the customer goes."""

    __tablename__ = "orders"
    __table_args__ = (Index("ix_orders_customer_id_status", "customer_id", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    status: Mapped[OrderStatus] = mapped_column(
        # A CHECK instead of a type of the database's own: the same on PostgreSQL, MariaDB and SQLite.
        Enum(OrderStatus, name="order_status", native_enum=False, create_constraint=True, length=16),
        server_default=OrderStatus.OPEN.name,
    )
    note: Mapped[str | None] = mapped_column(String(500))
    placed_at: Mapped[datetime] = mapped_column(server_default=func.now())

    customer: Mapped[Customer] = relationship(back_populates="orders")
    lines: Mapped[list[OrderLine]] = relationship(back_populates="order", passive_deletes=True)


class OrderLine(Base):
    """One product of an order; a product that was ordered cannot be deleted."""

    __tablename__ = "order_lines"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="RESTRICT"), index=True)
    quantity: Mapped[int] = mapped_column(server_default=text("1"))

    order: Mapped[Order] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()
