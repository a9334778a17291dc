"""Uploaded rows of bank accounts and tax identities, checked one by one."""

from collections.abc import Callable, Sequence

from services.tpp.kehadiran.berkas import NIP, Dibaca, Dikenal, baca_lembar
from services.tpp.rekening import rules
from shared.tabular import Column, Findings, Record, Sheet, lost_digits, unsafe_text

KOLOM = (
    NIP,
    Column("nama", "nama pemilik rekening", ("nama", "nama pegawai", "atas nama")),
    Column("kode_bank", "kode bank", (), required=False),
    Column("nama_bank", "nama bank", ("bank",)),
    Column("nomor_rekening", "nomor rekening", ("no rekening", "no. rekening", "rekening"), secret=True),
    Column("npwp", "npwp", ("nomor npwp",), required=False, secret=True),
    Column("nik", "nik", ("nomor induk kependudukan",), required=False, secret=True),
    Column("ptkp", "status ptkp", ("ptkp",), required=False),
    Column("alamat", "alamat", (), required=False),
)
_TERPANJANG = {"nama": 100, "nama_bank": 60, "alamat": 200}
_NOMOR: dict[str, tuple[Callable[[str], str], str]] = {
    "nomor_rekening": (rules.baca_rekening, "Tulis nomor rekening sebagai teks, angka saja."),
    "kode_bank": (lambda text: rules.baca_nomor(text, "kode bank", (3,)), "Tulis tiga angka, misalnya 014."),
    "npwp": (
        lambda text: rules.baca_nomor(text, "NPWP", (15, 16)),
        "Tulis NPWP 15 atau 16 angka sebagai teks, atau kosongkan.",
    ),
    "nik": (
        lambda text: rules.baca_nomor(text, "NIK", (16,)),
        "Tulis NIK 16 angka sebagai teks, atau kosongkan.",
    ),
    "ptkp": (rules.baca_ptkp, "Tulis misalnya K/1, atau kosongkan."),
}
_WAJIB = frozenset({"nama", "nama_bank", "nomor_rekening"})


def baca_rekening(
    sheets: Sequence[Sheet], people: dict[str, Dikenal], findings: Findings
) -> list[Dibaca[rules.DataBayar]]:
    """Accounts; rows that cannot be believed go to `findings`."""

    def read(record: Record) -> rules.DataBayar | None:
        values = {key: _cell(record, key, findings) for key in rules.DataBayar._fields}
        return None if record.is_bad(findings) else rules.DataBayar(**values)

    return baca_lembar(sheets, KOLOM, people, findings, read, lambda _: None)


def _cell(record: Record, key: str, findings: Findings) -> str:
    text = record.text(key)
    if not text:
        if key in _WAJIB:
            record.wrong(findings, key, "kosong", "Isi kolom ini, atau hapus barisnya.")
        return ""
    if key not in _NOMOR:
        longest = _TERPANJANG[key]
        reason = unsafe_text(text) or (f"lebih dari {longest} huruf" if len(text) > longest else None)
        if reason:
            record.wrong(findings, key, reason, "Tulis teks biasa yang lebih pendek.")
        return text
    parse, remedy = _NOMOR[key]
    number = record.is_number(key)
    if (lost := lost_digits(text, number)) is not None:
        record.wrong(findings, key, lost, "Format kolom ini sebagai Teks, lalu isi lagi.")
        return ""
    if number and key == "nomor_rekening":
        # A number cell has dropped the leading zeros of an account, if there were any: nobody can tell.
        record.wrong(
            findings, key, "sel berisi bilangan; nol di depan dapat hilang", "Format kolom ini sebagai Teks."
        )
        return ""
    try:
        return parse(text.zfill(3) if number and key == "kode_bank" else text)
    except ValueError as error:
        record.wrong(findings, key, str(error), remedy)
        return ""
