"""Evidence: what is taken, and everything that only looks like it."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.skp.bukti.rules import DOCX, EKSTENSI, JPEG, PDF, PNG, WEBP, XLSX, jenis_isi, nama_aman
from shared.errors import InvalidInput


def png(width: int = 4, height: int = 4) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 20))
        + chunk(b"IEND", b"")
    )


def jpeg(width: int = 4, height: int = 4, comment: bytes = b"foto") -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8"
        + b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + b"\xff\xfe"
        + struct.pack(">H", len(comment) + 2)
        + comment
        + b"\xff\xc0"
        + struct.pack(">H", len(frame) + 2)
        + frame
        + b"\xff\xda\x00\x08\x01\x01\x00\x00?\x00\x00\xff\xd9"
    )


def webp(width: int = 4, height: int = 4) -> bytes:
    body = (
        b"WEBPVP8L"
        + struct.pack("<I", 10)
        + b"\x2f"
        + struct.pack("<I", (width - 1) | (height - 1) << 14)
        + b"\0" * 5
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def pdf(inner: bytes = b"") -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n"
        + inner
        + b"\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    )


def objects(content: bytes) -> bytes:
    packed = zlib.compress(content)
    return b"5 0 obj<</Type/ObjStm/Filter/FlateDecode/Length %d>>stream\n%s\nendstream endobj" % (
        len(packed),
        packed,
    )


def office(main: str, **more: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<x/>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "jenis"),
    [
        (pdf(), PDF),
        (pdf(objects(b"<</Type/Page>>")), PDF),
        (pdf(b"4 0 obj<</Length 9>>stream\n\x00\x01/JS \x02\x03\x04\nendstream"), PDF),
        (png(), PNG),
        (jpeg(), JPEG),
        (jpeg() + b"\0" * 100, JPEG),
        (webp(), WEBP),
        (office("xl/workbook.xml"), XLSX),
        (office("word/document.xml"), DOCX),
    ],
)
def test_what_is_taken(data: bytes, jenis: str) -> None:
    assert jenis_isi(data) == jenis


EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

BERBAHAYA = {
    "kosong": b"",
    "exe": b"MZ\x90\x00" + b"\0" * 100,
    "skrip": b"#!/bin/sh\nrm -rf /\n",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<!DOCTYPE html><script>1</script>",
    "eicar": EICAR,
    "eicar-dalam-pdf": pdf(EICAR),
    "png-diikuti-zip": png() + office("word/document.xml"),
    "jpeg-diikuti-zip": jpeg() + office("word/document.xml"),
    "jpeg-diikuti-html": jpeg() + b"<html><script>1</script>",
    "jpeg-komentar-php": jpeg(comment=b"<?php system($_GET[0]); ?>"),
    "png-diikuti-isi": png() + b"x",
    "png-terpotong": png()[:-8],
    "png-raksasa": png(60_000, 60_000),
    "png-nol": png(0, 4),
    "jpeg-raksasa": jpeg(65_000, 65_000),
    "jpeg-terpotong": jpeg()[:20],
    "webp-raksasa": webp(16_000, 16_000),
    "webp-diikuti-isi": webp() + b"x",
    "riff-bukan-webp": b"RIFF\x04\x00\x00\x00WAVE",
    "gambar-dan-pdf": jpeg(comment=b"%PDF-1.4"),
    "pdf-javascript": pdf(b"2 0 obj<</S/JavaScript/JS(app.alert\\(1\\))>>endobj"),
    "pdf-javascript-tersamar": pdf(b"2 0 obj<</S/J#61vaScript>>endobj"),
    "pdf-javascript-terkompres": pdf(objects(b"<</S/JavaScript/JS 7 0 R>>")),
    "pdf-launch": pdf(b"2 0 obj<</S/Launch/F(cmd.exe)>>endobj"),
    "pdf-lampiran": pdf(b"2 0 obj<</Names<</EmbeddedFiles 3 0 R>>>>endobj"),
    "pdf-terkunci": pdf(b"2 0 obj<</Encrypt 3 0 R>>endobj"),
    "pdf-terpotong": pdf()[:-8],
    "pdf-diikuti-isi": pdf() + b"MZ\x90\x00",
    "pdf-diikuti-zip": pdf() + office("word/document.xml"),
    "pdf-bom": pdf(objects(b"\0" * (80 << 20))),
    "pdf-rusak": pdf(b"5 0 obj<</Type/ObjStm>>stream\nbukan zlib\nendstream"),
    "arsip-biasa": office("foto.txt"),
    "arsip-rusak": b"PK\x03\x04" + b"\0" * 50,
    "makro": office("xl/workbook.xml", xl__vbaProject_dot_bin=b"x"),
    "sisipan": office("word/document.xml", word__embeddings__oleObject1_dot_bin=b"x"),
    "exe-dalam-docx": office("word/document.xml", word__a_dot_exe=b"MZ"),
    "bom-office": office("xl/workbook.xml", xl__besar_dot_xml=b"\0" * (80 << 20)),
}


@pytest.mark.parametrize("nama", BERBAHAYA)
def test_what_is_refused_with_a_reason(nama: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        jenis_isi(BERBAHAYA[nama])
    [field] = refused.value.fields
    assert field.reason
    assert field.remedy


@given(
    st.binary(max_size=300),
    st.sampled_from([b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"PK\x03\x04", b""]),
)
def test_any_bytes_are_taken_or_refused_never_more(data: bytes, start: bytes) -> None:
    try:
        taken = jenis_isi(start + data)
    except InvalidInput:
        return
    assert taken in EKSTENSI


@pytest.mark.parametrize(
    ("nama", "aman"),
    [
        ("laporan.pdf", "laporan.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\foto.jpg", "foto.pdf"),
        ("laporan.pdf.exe", "laporan_pdf.pdf"),
        ("a\r\nSet-Cookie: x", "a__Set-Cookie_ x.pdf"),
        ("", "bukti.pdf"),
        ("....", "bukti.pdf"),
        ("laporan kegiatan bulan November (final).docx", "laporan kegiatan bulan November (final).pdf"),
        ('x";y=".pdf', "x__y.pdf"),
    ],
)
def test_names_are_made_safe(nama: str, aman: str) -> None:
    assert nama_aman(nama, PDF) == aman


@given(st.text(max_size=300), st.sampled_from(sorted(EKSTENSI)))
def test_any_name_becomes_a_safe_one(nama: str, jenis: str) -> None:
    made = nama_aman(nama, jenis)
    assert made.endswith("." + EKSTENSI[jenis])
    assert made.count(".") == 1
    assert len(made) <= 110
    assert not set(made) & set('/\\\r\n\0"<>:|?*')
