"""The store of evidence: a local folder or an S3 bucket, files named by their content."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from shared.errors import Unavailable


class Gudang:
    """Files by SHA-256. The same content is stored once, whoever sends it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme == "file":
            folder = Path(unquote(parts.path))
            folder.mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(folder)
        else:
            self._store = from_url(url)  # type: ignore[assignment]

    async def simpan(self, sha256: str, data: bytes) -> None:
        """Store a file; again is harmless. Raises Unavailable when the store cannot take it now."""
        try:
            await obstore.put_async(self._store, _tempat(sha256), data)
        except (BaseError, OSError) as error:
            raise _sibuk() from error

    async def ambil(self, sha256: str) -> bytes:
        """A stored file. Raises Unavailable when the store does not answer or has lost it."""
        try:
            found = await obstore.get_async(self._store, _tempat(sha256))
            return bytes(await found.bytes_async())
        except (BaseError, OSError) as error:
            raise _sibuk() from error


def _tempat(sha256: str) -> str:
    return f"bukti/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _sibuk() -> Unavailable:
    return Unavailable(
        "Tempat penyimpanan berkas sedang tidak terjangkau.",
        remedy="Coba lagi sebentar; data lain tidak terpengaruh.",
        retry_after=5,
    )
