"""What changed between two versions of a policy, in the words of the people who wrote them.

First what the texts say differently, then what that does to the worked examples both can calculate.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from services.tpp.kebijakan.model import Dokumen, Kebijakan, Tabel
from services.tpp.kebijakan.tampil import tampil
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.masukan_teks import baca_teks
from services.tpp.perhitungan.rules import Hasil
from services.tpp.perhitungan.uji import masukan_kasus
from shared.period import Period

_ATURAN = {
    "nama": "nama", "daerah": "daerah", "dasar_hukum": "dasar hukum", "berlaku_mulai": "berlaku mulai",
    "berlaku_sampai": "berlaku sampai", "pembulatan": "pembulatan", "sumber_predikat": "sumber predikat",
    "pergantian": "pergantian jabatan", "plt": "pembayaran tugas Plt", "rapel": "rapel",
    "setahun": "penghasilan dan pajak setahun",
}  # fmt: skip
_BAGIAN = {
    "pembayaran": "Pembayaran khusus",
    "masukan": "Masukan",
    "sanksi": "Sanksi",
    "penahanan": "Penahanan",
}


def beda(lama: Kebijakan, baru: Kebijakan) -> list[str]:
    """Sentences; empty when both say the same."""
    return [
        *_kepala(lama, baru),
        *_tabel(lama, baru),
        *_langkah(lama, baru),
        *_daftar(lama, baru),
        *_asal(lama, baru),
        *_kasus(lama, baru),
        *_contoh(lama, baru),
    ]


def _isi(value: Any) -> str:
    if value is None:
        return "(kosong)"
    if isinstance(value, Dokumen):
        return ", ".join(f"{name} {_isi(one)}" for name, one in value if one is not None)
    if isinstance(value, tuple):
        return "; ".join(map(_isi, value))
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, date):
        return f"{value.day} {Period.of(value).tampil()}"
    return str(value)


def _kepala(lama: Kebijakan, baru: Kebijakan) -> Iterator[str]:
    for name, words in _ATURAN.items():
        before, after = getattr(lama, name), getattr(baru, name)
        if before != after:
            yield f"{words.capitalize()}: dari {_isi(before)} menjadi {_isi(after)}."


def _rata(isi: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in isi.items():
        name = f"{before} {key}".strip()
        if isinstance(value, Mapping):
            yield from _rata(value, name)
        else:
            yield name, str(value)


def _sel(table: Tabel) -> dict[str, str]:
    """Every value of a table under a name people know."""
    found = dict(_rata(table.isi or {}, " dan ".join(table.oleh)))
    for place, change in enumerate(table.perubahan, 1):
        title = f"perubahan ke-{place} ({_isi(change.mulai)})"
        found |= {f"{title} {name}": value for name, value in _rata(change.isi)}
    found |= {f"pita {band.nama}, {name}": _isi(value) for band in table.pita or () for name, value in band
              if value is not None and value is not False and name not in ("kode", "nama")}  # fmt: skip
    found |= {f"lapisan ke-{place}": _isi(layer) for place, layer in enumerate(table.lapisan or (), 1)}
    rest = {
        name: getattr(table, name)
        for name in ("nama", "satuan", "lainnya", "jumlah", "menurut", "toleransi", "pasal")
    }
    return found | {name: _isi(value) for name, value in rest.items() if value is not None}


def _tabel(lama: Kebijakan, baru: Kebijakan) -> Iterator[str]:
    yield from _berubah("Tabel", {k: (t.nama, _sel(t)) for k, t in lama.tabel.items()},
                        {k: (t.nama, _sel(t)) for k, t in baru.tabel.items()})  # fmt: skip


def _berubah(
    jenis: str,
    lama: Mapping[str, tuple[str, Mapping[str, str]]],
    baru: Mapping[str, tuple[str, Mapping[str, str]]],
) -> Iterator[str]:
    for kode, (nama, _) in lama.items():
        if kode not in baru:
            yield f"{jenis} {nama} dihapus."
    for kode, (nama, after) in baru.items():
        if kode not in lama:
            yield f"{jenis} {nama} baru."
            continue
        before = lama[kode][1]
        for name in dict.fromkeys([*before, *after]):
            if before.get(name) != after.get(name):
                was, now = before.get(name, "(kosong)"), after.get(name, "(kosong)")
                yield f"{jenis} {nama}: {name} dari {was} menjadi {now}."


def _bidang(one: Dokumen) -> dict[str, str]:
    return {
        name.replace("_", " "): _isi(value) for name, value in one if value is not None and name != "kode"
    }


def _langkah(lama: Kebijakan, baru: Kebijakan) -> Iterator[str]:
    before = {one.kode: (one.nama, _bidang(one)) for one in lama.langkah}
    after = {one.kode: (one.nama, _bidang(one)) for one in baru.langkah}
    yield from _berubah("Langkah", before, after)
    order = [kode for kode in before if kode in after]
    if order != [kode for kode in after if kode in before]:
        names = ", ".join(nama for nama, _ in after.values())
        yield f"Urutan langkah berubah menjadi: {names}."


def _daftar(lama: Kebijakan, baru: Kebijakan) -> Iterator[str]:
    for name, words in _BAGIAN.items():
        yield from _berubah(words, _bernama(getattr(lama, name)), _bernama(getattr(baru, name)))


def _bernama(rows: tuple[Any, ...]) -> dict[str, tuple[str, dict[str, str]]]:
    found = {}
    for one in rows:
        kode = getattr(one, "kode", None) or one.nama
        found[kode] = (getattr(one, "nama", kode), _bidang(one))
    return found


def _asal(lama: Kebijakan, baru: Kebijakan) -> Iterator[str]:
    """What is law for one of them and an assumption for the other."""
    before, after = _sumber(lama), _sumber(baru)
    for part, told in after.items():
        if part in before and before[part] != told:
            yield f"Asal {part}: dari {before[part]} menjadi {told}."


def _sumber(k: Kebijakan) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for one in k.sumber:
        for part in one.nama_bagian:
            found.setdefault(part, []).append(f"{one.sifat} ({one.catatan})")
    return {part: "; ".join(told) for part, told in found.items()}


def _kasus(lama: Kebijakan, baru: Kebijakan) -> Iterator[str]:
    """The worked examples themselves: one that is gone, or no longer looks at a figure, proves less."""
    yield from _berubah("Contoh hitungan", _ditulis(lama), _ditulis(baru))


def _ditulis(k: Kebijakan) -> dict[str, tuple[str, dict[str, str]]]:
    """Whom each is about, and which figures it looks at; that those are others now, the results tell."""
    found = {}
    for case in k.uji:
        looked_at = {name: getattr(case.harap, name) for name in sorted(case.harap.model_fields_set)}
        fields = dict(_rata({"masukan": case.masukan}))
        fields |= {f"harap {name}": "diperiksa" for name, _ in _rata(looked_at)}
        if case.sama_dengan:
            fields["sama dengan"] = case.sama_dengan
        found[case.nama] = (case.nama, fields)
    return found


def _contoh(lama: Kebijakan, baru: Kebijakan) -> Iterator[str]:
    """What the worked examples come to under each."""
    for case in lama.uji:
        written = {**masukan_kasus(lama, case)}
        month = max(Period.parse(str(written["periode"])), Period.of(baru.berlaku_mulai))
        written["periode"] = str(month)
        results: list[Hasil] = []
        for k in (lama, baru):
            interpreter = engine.penafsir(k, month)
            m, wrong = baca_teks(written, interpreter.program.fakta)
            if m is None or wrong:
                break
            results.append(interpreter.hitung(m).hasil)
        if len(results) == 2 and _ringkas(results[0]) != _ringkas(results[1]):
            was, now = map(_ringkas, results)
            yield f"Contoh {case.nama} ({month.tampil()}): dari {was} menjadi {now}."


def _ringkas(hasil: Hasil) -> str:
    if hasil.status == "ditahan":
        return f"ditahan ({', '.join(reason.kode for reason in hasil.alasan)})"
    beside = f", iuran pemberi kerja {tampil(hasil.jumlah_iuran, 'rupiah')}" if hasil.iuran else ""
    return f"bruto {tampil(hasil.bruto, 'rupiah')}, diterima {tampil(hasil.neto, 'rupiah')}{beside}"
