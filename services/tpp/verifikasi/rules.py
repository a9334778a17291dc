"""Codes on documents, hashes of their figures, and what a stranger may see of them."""

import base64
import binascii
import hashlib
import hmac

_ACAK, _SEGEL = 12, 6
TITIK = "•"


def kode(kunci: bytes, dokumen_id: bytes) -> str:
    """The code of a document: 96 random bits and a seal of 48, as 24 letters; says nothing about anybody."""
    return base64.urlsafe_b64encode(dokumen_id + _segel(kunci, dokumen_id)).decode()


def baca_kode(kunci: bytes, text: str) -> bytes | None:
    """The document's number, or None for a code we never gave out."""
    try:
        raw = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _ACAK + _SEGEL:
        return None
    number, seal = raw[:_ACAK], raw[_ACAK:]
    return number if hmac.compare_digest(seal, _segel(kunci, number)) else None


def sidik_slip(periode: str, nip: str, version: int, bruto: int, potongan: int, neto: int) -> str:
    """SHA-256 over `slip|periode|nip|version|bruto|potongan|neto`, as 64 hex digits."""
    return hashlib.sha256(f"slip|{periode}|{nip}|{version}|{bruto}|{potongan}|{neto}".encode()).hexdigest()


def samarkan_nip(nip: str) -> str:
    """The last four digits only: enough to compare with the paper, not to know the person."""
    return TITIK * (len(nip) - 4) + nip[-4:]


def samarkan_rupiah(amount: int) -> str:
    """The first digit and the size: `Rp 4.•••.•••`."""
    text = f"{amount:,}".replace(",", ".")
    return "Rp " + text[0] + "".join(TITIK if letter.isdigit() else letter for letter in text[1:])


def _segel(kunci: bytes, dokumen_id: bytes) -> bytes:
    return hmac.new(kunci, b"dokumen:" + dokumen_id, hashlib.sha256).digest()[:_SEGEL]
