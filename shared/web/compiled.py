"""Templates compiled when the assets are built: nobody's first visit waits for a compiler.

One that changed since, or was not there, is compiled when first used, as Jinja does anyway.
"""

import hashlib
from contextlib import suppress
from pathlib import Path
from pickle import UnpicklingError

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from shared.web.assets import DIST

FOLDER = "templat"
"""Where they lie among the built assets."""


class Compiled(BytecodeCache):
    """The compiled templates of a package in a language, read only unless told to `write`.

    The language counts because compiling settles what a filter makes of a literal (`{{ 0|rupiah }}`).
    """

    def __init__(
        self, package: str | None, code: str, *, folder: Path = DIST / FOLDER, write: bool = False
    ) -> None:
        self._package, self._code, self._folder, self._write = package, code, folder, write

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """A file's name: the same wherever the tree lies; the shared templates are everybody's."""
        package = "shared.web" if name.startswith("web/") else self._package
        return hashlib.sha256(f"{self._code}/{package}/{name}".encode()).hexdigest()[:32]

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was built, if it is whole and was built from this very source by this Python."""
        with (
            suppress(FileNotFoundError, UnpicklingError, EOFError),
            (self._folder / bucket.key).open("rb") as file,
        ):
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, when assets are being built."""
        if self._write:
            self._folder.mkdir(exist_ok=True)
            with (self._folder / bucket.key).open("wb") as file:
                bucket.write_bytecode(file)
