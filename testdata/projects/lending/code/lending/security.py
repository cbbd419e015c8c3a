"""Who may change what the desk knows."""

from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

# A sample has nobody to protect.
TOKEN = "desk"

bearer = HTTPBearer(auto_error=False)


def librarian(given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> str:
    if given is None or given.credentials != TOKEN:
        raise HTTPException(status_code=401, detail="a librarian's token is needed")
    return given.credentials
