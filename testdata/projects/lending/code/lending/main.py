"""The desk as a service: `uvicorn lending.main:app`."""

from fastapi import FastAPI

from .routers import books, loans, members

app = FastAPI(title="Lending desk")
app.include_router(books.router)
app.include_router(members.router)
app.include_router(loans.router, prefix="/desk")


@app.get("/health")
def health() -> dict[str, str]:
    return {"state": "open"}
