"""What is lent to whom."""

from fastapi import APIRouter, Depends, HTTPException

from ..schemas import Loan, LoanIn, Refusal
from ..security import librarian
from ..store import store

router = APIRouter(tags=["loans"], dependencies=[Depends(librarian)])


@router.post("/loans", response_model=Loan, status_code=201, responses={409: {"model": Refusal}})
def lend(loan: LoanIn):
    book = store.books.get(loan.book_id)
    if book is None or loan.member_id not in store.members:
        raise HTTPException(404, "no such book or member")
    if book.lent:
        raise HTTPException(409, "the book is lent")
    return store.lend(loan)


@router.post("/loans/{loan_id}/return", response_model=Loan)
def give_back(loan_id: int):
    loan = store.loans.get(loan_id)
    if loan is None:
        raise HTTPException(404, "no such loan")
    loan.returned = True
    if loan.book_id in store.books:
        store.books[loan.book_id].lent = False
    return loan
