"""What the desk takes and gives."""

from datetime import date
from enum import Enum

from pydantic import BaseModel, ConfigDict, Field


class Shelf(str, Enum):
    FICTION = "fiction"
    SCIENCE = "science"
    CHILDREN = "children"


class BookIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=120)
    shelf: Shelf
    pages: int | None = Field(default=None, ge=1, le=10_000)
    tags: list[str] = Field(default_factory=list, max_length=5)


class Book(BookIn):
    id: int
    lent: bool = False


class BookPage(BaseModel):
    items: list[Book]
    total: int


class MemberIn(BaseModel):
    name: str = Field(min_length=1, max_length=80)
    born: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")


class Member(MemberIn):
    id: int


class LoanIn(BaseModel):
    book_id: int
    member_id: int


class Loan(LoanIn):
    id: int
    since: date
    returned: bool = False


class Refusal(BaseModel):
    detail: str
