"""Personal fields of commands, apart from what is attested: erasing a row here leaves every proof standing."""

from uuid import UUID

from sqlalchemy import SmallInteger
from sqlalchemy.dialects.postgresql import BYTEA
from sqlmodel import Field, SQLModel


class PersonalTable(SQLModel, table=True):
    """The value behind a salted digest. The books hold the digest; this row may be erased."""

    __tablename__ = "personal"

    book: int = Field(primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False})
    command: UUID = Field(primary_key=True)
    field: str = Field(primary_key=True)
    salt: bytes = Field(sa_type=BYTEA)
    value: str
