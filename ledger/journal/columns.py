"""Kinds of columns that tables of every slice have."""

from typing import Any

from sqlalchemy import BigInteger, SmallInteger
from sqlmodel import Field


def counted() -> Any:  # noqa: ANN401  stands where a column's default does, whatever the column's type
    """1 for the first of its kind; the key over it is the second wall behind the locks."""
    return Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})


def fen() -> Any:  # noqa: ANN401  as above
    """An amount, or any other whole number that may be large."""
    return Field(sa_type=BigInteger)


def small() -> Any:  # noqa: ANN401  as above
    """A whole number below 32,768."""
    return Field(sa_type=SmallInteger)
