"""The catalogue."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, status

from ..schemas import Book, BookIn, BookPage, Shelf
from ..security import librarian
from ..store import store

router = APIRouter(prefix="/books", tags=["books"])


def found(book_id: int) -> Book:
    book = store.books.get(book_id)
    if book is None:
        raise HTTPException(status_code=404, detail="no such book")
    return book


@router.get("", response_model=BookPage)
def search(
    shelf: Shelf | None = None,
    lent: bool | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0)] = 0,
):
    """The catalogue, a page at a time."""
    books = [book for book in store.books.values() if shelf in (None, book.shelf) and lent in (None, book.lent)]
    return BookPage(items=books[offset : offset + limit], total=len(books))


@router.post("", response_model=Book, status_code=status.HTTP_201_CREATED)
def add(book: BookIn, who: Annotated[str, Depends(librarian)]):
    return store.add_book(book)


@router.get("/{book_id}", response_model=Book)
def show(book_id: int):
    return found(book_id)


@router.put("/{book_id}", response_model=Book)
def change(book_id: int, book: BookIn, who: Annotated[str, Depends(librarian)]):
    kept = found(book_id)
    store.books[book_id] = Book(id=book_id, lent=kept.lent, **book.model_dump())
    return store.books[book_id]


@router.delete("/{book_id}", status_code=204)
def remove(book_id: int, who: Annotated[str, Depends(librarian)]):
    if found(book_id).lent:
        raise HTTPException(status_code=409, detail="the book is lent")
    del store.books[book_id]
