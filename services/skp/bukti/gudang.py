"""The store of evidence: a local folder or an S3 bucket, files named by their content."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from shared.errors import Unavailable


class Gudang:
    """Files by SHA-256, and parts of files that are still arriving. Every method may raise Unavailable."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme == "file":
            folder = Path(unquote(parts.path))
            folder.mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(folder, automatic_cleanup=True)
        else:
            self._store = from_url(url)  # type: ignore[assignment]

    async def simpan(self, sha256: str, data: bytes) -> None:
        """Store a file; again is harmless. The same content is stored once, whoever sends it."""
        await self._tulis(_tempat(sha256), data)

    async def ambil(self, sha256: str) -> bytes:
        """A stored file."""
        return await self._baca(_tempat(sha256))

    async def simpan_bagian(self, pegawai_id: UUID, sha256: str, mulai: int, data: bytes) -> None:
        """Store the part of somebody's upload that begins at byte `mulai`; again is harmless."""
        await self._tulis(_tempat_bagian(pegawai_id, sha256, mulai), data)

    async def gabung(self, pegawai_id: UUID, sha256: str, bagian: Sequence[int]) -> bytes:
        """The parts that begin at these bytes, one after another."""
        return b"".join([await self._baca(_tempat_bagian(pegawai_id, sha256, mulai)) for mulai in bagian])

    async def buang_bagian(self, pegawai_id: UUID, sha256: str, bagian: Sequence[int]) -> None:
        """Remove parts, those that are gone already included."""
        for mulai in bagian:
            try:
                with suppress(FileNotFoundError):
                    await obstore.delete_async(self._store, _tempat_bagian(pegawai_id, sha256, mulai))
            except (BaseError, OSError) as error:
                raise _sibuk() from error

    async def _tulis(self, tempat: str, data: bytes) -> None:
        try:
            await obstore.put_async(self._store, tempat, data)
        except (BaseError, OSError) as error:
            raise _sibuk() from error

    async def _baca(self, tempat: str) -> bytes:
        try:
            found = await obstore.get_async(self._store, tempat)
            return bytes(await found.bytes_async())
        except (BaseError, OSError) as error:
            raise _sibuk() from error


def _tempat(sha256: str) -> str:
    return f"bukti/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _tempat_bagian(pegawai_id: UUID, sha256: str, mulai: int) -> str:
    return f"unggahan/{pegawai_id}/{sha256}/{mulai}"


def _sibuk() -> Unavailable:
    return Unavailable(
        "Tempat penyimpanan berkas sedang tidak terjangkau.",
        remedy="Coba lagi sebentar; data lain tidak terpengaruh.",
        retry_after=5,
    )
