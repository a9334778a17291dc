"""Faults: which pass by themselves and which will be the same at the next attempt; where one came from."""

import traceback

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


def explain(error: BaseException) -> str:
    """The fault and the lines it came through, innermost first, for whoever has to mend it."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    way = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__}: {error} ({way})" if way else f"{type(error).__name__}: {error}"
