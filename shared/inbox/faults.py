"""Which faults pass by themselves, and which will be the same at the next attempt."""

import asyncpg

from shared.db.database import TRANSIENT
from shared.errors import Unavailable

_FILES = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError, FileExistsError)


def passes(error: BaseException) -> bool:
    """Whether trying the same again can succeed without anyone mending anything.

    asyncpg calls a wrong argument an InterfaceError too, and Python a missing file an OSError: those are
    bugs, and taken for passing faults they would hold a partition for ever.
    """
    if isinstance(error, _FILES):
        return False
    if isinstance(error, asyncpg.InterfaceError):
        return not isinstance(error, ValueError) and "clos" in str(error)
    return isinstance(error, (*TRANSIENT, Unavailable))
