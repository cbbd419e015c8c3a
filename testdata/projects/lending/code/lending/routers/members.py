"""Who may borrow."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException

from ..schemas import Loan, Member, MemberIn
from ..security import librarian
from ..store import store

router = APIRouter(prefix="/members", tags=["members"], dependencies=[Depends(librarian)])


@router.get("")
def members() -> list[Member]:
    return list(store.members.values())


@router.post("", status_code=201)
def join(member: MemberIn) -> Member:
    return store.add_member(member)


@router.get("/{member_id}/loans")
def loans(member_id: int, open_only: bool = True) -> list[Loan]:
    if member_id not in store.members:
        raise HTTPException(status_code=404, detail="no such member")
    return [loan for loan in store.loans.values() if loan.member_id == member_id and not (open_only and loan.returned)]
