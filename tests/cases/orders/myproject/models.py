"""Orders, each with a status."""

from enum import Enum

from sqlalchemy import Enum as Choice
from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )


class Status(Enum):
    open = "open"
    paid = "paid"
    lost = "lost"


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20))
    placed: Mapped[str | None] = mapped_column(String(10), index=True)
    total: Mapped[int | None]
    status: Mapped[Status] = mapped_column(Choice(Status, name="status"))
