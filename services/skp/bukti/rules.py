"""Which files are taken as evidence: by content, whole, and nothing else hidden in them."""

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable

from shared.errors import FieldError, InvalidInput

MAX_BYTES = 5 * 1024 * 1024
"""Bytes of one file."""
MAX_PIXELS = 50_000_000
"""Width times height of a picture: what unpacks to more would exhaust whoever opens it."""

PDF, JPEG, PNG, WEBP = "application/pdf", "image/jpeg", "image/png", "image/webp"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

EKSTENSI = {PDF: "pdf", JPEG: "jpg", PNG: "png", WEBP: "webp", XLSX: "xlsx", DOCX: "docx"}
"""Every type that is taken, and the ending its name gets."""

_UNPACKED = 64 * 1024 * 1024
_ENTRIES = 2_000
# What a browser, PHP server or shell would run if a wrong tool opened the file.
_ACTIVE = re.compile(rb"<script|<html|<svg|<\?php|<!doctype html|javascript:", re.IGNORECASE)
_PDF_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|AA|SubmitForm|ImportData)\b")
_PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_STREAM = re.compile(rb"stream\r?\n")
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!"


def jenis_isi(data: bytes) -> str:
    """The media type of a file, from its content. Raises InvalidInput for anything not taken.

    Unpacking is bounded; nothing is rendered or run.
    """
    for signature, check in _PEMERIKSA:
        if data.startswith(signature):
            jenis = check(data)
            _tanpa_sisipan(data, jenis)
            return jenis
    raise _ditolak("jenis berkas ini tidak diterima", "Kirim PDF, JPEG, PNG, WebP, XLSX, atau DOCX.")


def nama_aman(nama: str, jenis: str) -> str:
    """A name fit for any file system and header: no path, no control letters, only the ending of its type."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", nama))[-1]
    stem = last.rsplit(".", 1)[0] if "." in last else last
    kept = "".join(letter if letter.isalnum() or letter in " _-()" else "_" for letter in stem)
    return f"{' '.join(kept.split())[:100].strip('_ ') or 'bukti'}.{EKSTENSI[jenis]}"


def _ditolak(
    alasan: str, perbaikan: str = "Simpan ulang dari aplikasi asalnya, lalu unggah lagi."
) -> InvalidInput:
    return InvalidInput("Berkas bukti tidak diterima.", fields=[FieldError("", alasan, perbaikan)])


def _tanpa_sisipan(data: bytes, jenis: str) -> None:
    """Refuse files that are something else as well."""
    if _EICAR in data:
        raise _ditolak("berkas ini dikenali sebagai virus uji", "Jangan unggah berkas ini.")
    if jenis in (XLSX, DOCX):
        return
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise _ditolak("di dalam berkas ini tersembunyi arsip lain")
    if jenis != PDF and (_ACTIVE.search(data) or b"%PDF-" in data[:2048]):
        raise _ditolak("di dalam gambar ini tersembunyi isi lain")


def _pdf(data: bytes) -> str:
    if b"%%EOF" not in data[-2048:]:
        raise _ditolak("PDF ini terpotong")
    if data.rfind(b"%%EOF") + 5 < len(data.rstrip()):
        raise _ditolak("ada isi lain di belakang PDF ini")
    for part in _pdf_parts(data):
        plain = _PDF_ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), part)
        if found := _PDF_ACTIVE.search(plain):
            raise _ditolak(
                f"PDF ini memuat isi aktif ({found[1].decode()})",
                "Cetak ulang menjadi PDF biasa (Print to PDF).",
            )
        if _ACTIVE.search(plain):
            raise _ditolak("PDF ini memuat naskah program", "Cetak ulang menjadi PDF biasa (Print to PDF).")
    if b"/Encrypt" in data:
        raise _ditolak("PDF ini dilindungi kata sandi", "Simpan ulang tanpa kata sandi.")
    return PDF


def _pdf_parts(data: bytes) -> "list[bytes]":
    """The file outside its streams, and what its compressed object streams unpack to."""
    parts, at, budget = [], 0, _UNPACKED
    for match in _PDF_STREAM.finditer(data):
        if match.start() < at:
            continue
        head = data[at : match.start()]
        parts.append(head)
        end = data.find(b"endstream", match.end())
        end = len(data) if end < 0 else end
        if b"ObjStm" in head[-400:]:
            unpacker = zlib.decompressobj()
            try:
                unpacked = unpacker.decompress(data[match.end() : end], budget)
            except zlib.error:
                raise _ditolak("susunan PDF ini rusak") from None
            budget -= len(unpacked)
            if budget <= 0 or unpacker.unconsumed_tail:
                raise _ditolak("isi PDF ini jauh lebih besar daripada berkasnya")
            parts.append(unpacked)
        at = end
    parts.append(data[at:])
    return parts


def _png(data: bytes) -> str:
    at, size, first = 8, 0, True
    while at + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if first:
            if kind != b"IHDR" or length != 13:
                break
            width, height = struct.unpack(">II", data[at + 8 : at + 16])
            size, first = width * height, False
        at += 12 + length
        if kind == b"IEND":
            if at != len(data):
                raise _ditolak("ada isi lain di belakang gambar ini")
            _periksa_luas(size)
            return PNG
    raise _ditolak("gambar PNG ini rusak atau terpotong")


def _jpeg(data: bytes) -> str:
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        length = int.from_bytes(data[at + 2 : at + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9].ljust(4, b"\0"))
            _periksa_luas(width * height)
            # Phones append previews after the picture; scripts and archives are looked for anyway.
            if data.find(b"\xff\xd9", at) < 0:
                break
            return JPEG
        if length < 2:
            break
        at += 2 + length
    raise _ditolak("gambar JPEG ini rusak atau terpotong")


def _webp(data: bytes) -> str:
    if data[8:12] != b"WEBP":
        raise _ditolak("jenis berkas ini tidak diterima", "Kirim PDF, JPEG, PNG, WebP, XLSX, atau DOCX.")
    length = int.from_bytes(data[4:8], "little") + 8
    kind, body = data[12:16], data[20:30]
    if length != len(data) or len(body) < 10:
        raise _ditolak("gambar WebP ini rusak, terpotong, atau diikuti isi lain")
    if kind == b"VP8X":
        width, height = (int.from_bytes(body[place : place + 3], "little") + 1 for place in (4, 7))
    elif kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = (value & 0x3FFF for value in struct.unpack("<HH", body[6:10]))
    else:
        raise _ditolak("gambar WebP ini rusak")
    _periksa_luas(width * height)
    return WEBP


def _periksa_luas(pixels: int) -> None:
    if not 0 < pixels <= MAX_PIXELS:
        raise _ditolak("ukuran gambar ini tidak wajar", "Perkecil sampai paling besar 50 megapiksel.")


def _office(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [entry.filename.lower() for entry in archive.infolist()]
            _periksa_arsip(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error, ValueError) as error:
        raise _ditolak("berkas Office ini rusak atau dilindungi kata sandi") from error
    if any(
        re.search(r"vbaproject|/embeddings/|activex|\.(bin|exe|dll|js|vbs|bat|cmd|scr|html?)$", name)
        for name in names
    ):
        raise _ditolak(
            "berkas Office ini memuat makro atau berkas lain di dalamnya", "Simpan ulang tanpa makro."
        )
    if "[content_types].xml" in names and "xl/workbook.xml" in names:
        return XLSX
    if "[content_types].xml" in names and "word/document.xml" in names:
        return DOCX
    raise _ditolak("arsip tidak diterima", "Kirim berkasnya satu per satu, bukan sebagai ZIP.")


def _periksa_arsip(archive: zipfile.ZipFile) -> None:
    """Unpack against one budget, trusting no declared size."""
    entries, budget = archive.infolist(), _UNPACKED
    if len(entries) > _ENTRIES or sum(entry.file_size for entry in entries) > budget:
        raise _ditolak("isi berkas ini jauh lebih besar daripada ukurannya")
    for entry in entries:
        entry.file_size = 2 * _UNPACKED
        with archive.open(entry) as stream:
            while chunk := stream.read(1024 * 1024):
                budget -= len(chunk)
                if budget < 0:
                    raise _ditolak("isi berkas ini jauh lebih besar daripada ukurannya")


_PEMERIKSA: tuple[tuple[bytes, Callable[[bytes], str]], ...] = (
    (b"%PDF-", _pdf),
    (b"\xff\xd8\xff", _jpeg),
    (b"\x89PNG\r\n\x1a\n", _png),
    (b"RIFF", _webp),
    (b"PK\x03\x04", _office),
)
