"""Named SQL beside the feature that uses it."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiosql


@cache
def queries(package: str) -> Any:
    """The named queries of `<package>/sql/*.sql`, as aiosql functions taking a connection first.

    Raises FileNotFoundError when the package has no `sql` folder.
    """
    folder = Path(str(files(package))) / "sql"
    if not folder.is_dir():
        raise FileNotFoundError(f"{package} tidak punya folder sql")
    return aiosql.from_path(folder, "asyncpg")
