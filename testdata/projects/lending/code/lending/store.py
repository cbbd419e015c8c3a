"""Everything the desk knows, for as long as the process lives."""

from datetime import date

from .schemas import Book, BookIn, Loan, LoanIn, Member, MemberIn, Shelf


class Store:
    def __init__(self) -> None:
        self.books: dict[int, Book] = {}
        self.members: dict[int, Member] = {}
        self.loans: dict[int, Loan] = {}
        self._last = 0
        self.add_book(BookIn(title="The Compass", shelf=Shelf.SCIENCE, pages=212))
        self.add_member(MemberIn(name="Ada Winter", born="1984-03-09"))

    def _next(self) -> int:
        self._last += 1
        return self._last

    def add_book(self, book: BookIn) -> Book:
        kept = Book(id=self._next(), **book.model_dump())
        self.books[kept.id] = kept
        return kept

    def add_member(self, member: MemberIn) -> Member:
        kept = Member(id=self._next(), **member.model_dump())
        self.members[kept.id] = kept
        return kept

    def lend(self, loan: LoanIn) -> Loan:
        kept = Loan(id=self._next(), since=date.today(), **loan.model_dump())
        self.loans[kept.id] = kept
        self.books[loan.book_id].lent = True
        return kept


store = Store()
