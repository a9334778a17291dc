"""What a region's legal office begins with: the shipped examples, and the schema its editor checks a file by.

An example names the schema as the file beside it, so that it is found wherever the two are put together.
"""

import io
from functools import lru_cache
from importlib.resources import files
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pydantic import BaseModel, Field

from services.tpp.kebijakan.reader import baca_tersimpan
from services.tpp.kebijakan.skema import BERKAS as SKEMA
from shared.errors import NotFound

_BARIS_SKEMA = "# yaml-language-server: $schema="
_TANGGAL = (1980, 1, 1, 0, 0, 0)
"""The same archive from the same examples, whenever it is made."""


class Contoh(BaseModel):
    """One shipped policy."""

    kode: str
    nama: str
    daerah: str
    keterangan: str = Field(description="Apa yang dicontohkannya")
    kasus: int = Field(description="Banyaknya contoh hitungan di dalamnya")

    @property
    def berkas(self) -> str:
        """What its file is called."""
        return f"{self.kode}.yaml"


class DaftarContoh(BaseModel):
    """Every shipped policy."""

    data: list[Contoh]


@lru_cache(maxsize=1)
def semua() -> DaftarContoh:
    """The shipped examples by their code."""
    found = []
    for path in sorted((files("services.tpp.kebijakan") / "contoh").iterdir(), key=lambda one: one.name):
        text = path.read_text(encoding="utf-8")
        policy = baca_tersimpan(text)
        found.append(
            Contoh(
                kode=policy.kode,
                nama=policy.nama,
                daerah=policy.daerah,
                keterangan=_keterangan(text),
                kasus=len(policy.uji),
            )
        )
    return DaftarContoh(data=found)


def _keterangan(text: str) -> str:
    """What the comment at the head of a file says."""
    said = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if not line.startswith(_BARIS_SKEMA):
            said.append(line.removeprefix("#").strip())
    return " ".join(said).replace("`", "")


def satu(kode: str) -> str:
    """The text of an example, worked examples included. Raises NotFound naming those there are."""
    known = {one.kode: one.berkas for one in semua().data}
    if kode not in known:
        raise NotFound(f"Tidak ada contoh kebijakan {kode}.", remedy=f"Pilih salah satu: {', '.join(known)}.")
    text = (files("services.tpp.kebijakan") / "contoh" / known[kode]).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(_BARIS_SKEMA)]
    return "\n".join([f"{_BARIS_SKEMA}{SKEMA.name}", *lines, ""])


def skema() -> str:
    """The JSON Schema of a policy file."""
    return SKEMA.read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def arsip() -> bytes:
    """All examples and the schema in one ZIP."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        contents = {SKEMA.name: skema(), **{one.berkas: satu(one.kode) for one in semua().data}}
        for name, text in contents.items():
            archive.writestr(ZipInfo(name, _TANGGAL), text.encode(), ZIP_DEFLATED)
    return out.getvalue()
