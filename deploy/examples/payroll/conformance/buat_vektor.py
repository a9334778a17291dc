"""Menulis ulang vektor uji. / Writes the vectors anew; the same bytes each time.

The key they are signed with is made from a public sentence: good for tests, for nothing else.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

DI_SINI = Path(__file__).resolve().parent
PERIODE = "2026-10"
Pesan = dict[str, Any]


def _seed(text: str) -> bytes:
    return hashlib.sha256(f"ekinerja conformance: {text}".encode()).digest()


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


KUNCI = Ed25519PrivateKey.from_private_bytes(_seed("tpp"))
KUNCI_LAIN = Ed25519PrivateKey.from_private_bytes(_seed("orang lain"))
KID = "uji-conformance"


def _id(*names: object) -> str:
    return str(uuid5(NAMESPACE_URL, "ekinerja/" + "/".join(map(str, names))))


def _naskah(judul: str, *lines: object) -> bytes:
    return "".join(f"{line}\n" for line in (judul, *lines)).encode()


def tanda(naskah: bytes, kunci: Ed25519PrivateKey = KUNCI, kid: str = KID) -> dict[str, str]:
    """The signature field."""
    return {"kunci": kid, "nilai": _b64(kunci.sign(naskah))}


def pesan(tipe: str, data: Pesan, nomor: int) -> Pesan:
    """One Kafka record."""
    headers = {
        "ce_specversion": "1.0",
        "ce_id": _id(tipe, data["batch_id"], nomor, json.dumps(data, sort_keys=True)),
        "ce_source": "/ekinerja/tpp",
        "ce_type": f"id.ekinerja.payroll.{tipe}",
        "ce_time": "2026-11-02T03:00:00Z",
        "ce_subject": data["batch_id"],
        "ce_version": str(data["version"]),
        "content-type": "application/json",
    }
    value = json.dumps(data, separators=(",", ":"))
    return {"key": data["batch_id"], "headers": headers, "value": value}


def item(
    nama: str, nomor: int, orang: int, neto: str, batch: str | None = None, periode: str = PERIODE
) -> Pesan:
    """One payment; `batch` puts it elsewhere than its name says."""
    bruto = str(int(neto.split(".")[0]) + 100) + (f".{neto.split('.')[1]}" if "." in neto else "")
    data = {
        "version": nomor + 1,
        "batch_id": batch or _id("batch", nama),
        "periode": periode,
        "item_id": _id("item", nama, nomor),
        "pegawai_id": _id("pegawai", orang),
        "nip": f"1985010120100110{orang:02d}",
        "bruto": bruto,
        "potongan": "100",
        "neto": neto,
    }
    return pesan("item-payable", data, nomor)


def isi(record: Pesan) -> Pesan:
    """A record's payload."""
    data: Pesan = json.loads(record["value"])
    return data


def ubah(record: Pesan, **changed: Any) -> Pesan:
    """The same record with other content under the same signature."""
    return record | {"value": json.dumps(isi(record) | changed, separators=(",", ":"))}


def _total(items: Sequence[Pesan], name: str) -> str:
    sen = sum(int(whole) * 100 + int((part or "0").ljust(2, "0")) for whole, _, part in (
        isi(one)[name].partition(".") for one in items
    ))  # fmt: skip
    return str(sen // 100) if sen % 100 == 0 else f"{sen // 100}.{sen % 100:02d}"


def manifes(nama: str, items: Sequence[Pesan], *, opd: str = "DISDIK", periode: str = PERIODE) -> Pesan:
    """The signed manifest of items."""
    rows = sorted((isi(one) for one in items), key=lambda one: one["item_id"])
    digest = hashlib.sha256()
    for row in rows:
        digest.update(f"{row['item_id']}|{row['nip']}|{row['neto']}\n".encode())
    data = {
        "version": 1,
        "batch_id": _id("batch", nama),
        "periode": periode,
        "opd_kode": opd,
        "jumlah_item": len(rows),
        "total_bruto": _total(items, "bruto"),
        "total_potongan": _total(items, "potongan"),
        "total_neto": _total(items, "neto"),
        "hash": digest.hexdigest(),
    }
    lines = [value for name, value in data.items() if name != "version"]
    return pesan(
        "batch-approved", data | {"tanda_tangan": tanda(_naskah("ekinerja-payroll-manifes-1", *lines))}, 0
    )


def pembatalan(nama: str, *, kunci: Ed25519PrivateKey = KUNCI, opd: str = "DISDIK") -> Pesan:
    """The signed cancellation of a batch."""
    batch_id = _id("batch", nama)
    naskah = _naskah("ekinerja-payroll-pembatalan-1", batch_id, PERIODE, opd)
    data = {
        "version": 99,
        "batch_id": batch_id,
        "periode": PERIODE,
        "opd_kode": opd,
        "alasan": "Satu angka keliru",
        "tanda_tangan": tanda(naskah, kunci),
    }
    return pesan("batch-cancelled", data, 0)


def batch(nama: str, mulai: int, *neto: str, periode: str = PERIODE) -> tuple[Pesan, list[Pesan]]:
    """A manifest and its items, for people from number `mulai` on."""
    items = [item(nama, at, mulai + at - 1, amount, periode=periode) for at, amount in enumerate(neto, 1)]
    return manifes(nama, items, periode=periode), items


def dibayar(*items: Iterable[Pesan]) -> dict[str, str]:
    """What must be paid: item id -> rupiah."""
    return {isi(one)["item_id"]: isi(one)["neto"] for group in items for one in group}


def ids(items: Iterable[Pesan]) -> list[str]:
    """The item ids of records."""
    return [isi(one)["item_id"] for one in items]


def vektor() -> dict[str, dict[str, Any]]:
    """Every vector: its words, its lines, and what must come of it."""
    found: dict[str, dict[str, Any]] = {}

    def tambah(
        nama: str,
        kata: str,
        lines: Sequence[Pesan],
        bayar: dict[str, str] | None = None,
        tidak: Sequence[str] = (),
        batal: Sequence[str] = (),
    ) -> None:
        found[nama] = {
            "harapan": {
                "keterangan": kata,
                "dibayar": bayar or {},
                "tidak_dibayar": sorted({*tidak, *batal}),
                "dijawab_batal": sorted(batal),
            },
            "baris": list(lines),
        }

    m, i = batch("biasa", 1, "3920964", "5532975", "910340")
    tambah("01-biasa", "Manifes lalu semua item: dibayar semua.", [m, *i], dibayar(i))

    m, i = batch("ganda", 4, "1000000", "2000000")
    tambah(
        "02-ganda",
        "Setiap pesan datang tiga kali: tiap item dibayar satu kali.",
        [m, *i, *i, m, m, *i],
        dibayar(i),
    )

    m, i = batch("acak", 6, "1000001", "2000002", "3000003")
    tambah(
        "03-acak",
        "Item lebih dahulu dan terbalik, manifes terakhir: dibayar semua.",
        [*reversed(i), m],
        dibayar(i),
    )

    m, i = batch("sebagian", 9, "1500000", "2500000", "3500000")
    tambah("04-sebagian", "Satu item tidak pernah datang: tidak satu pun dibayar.", [m, *i[:2]], tidak=ids(i))

    m, i = batch("terlambat", 12, "1100000", "2200000")
    m2, i2 = batch("sela", 14, "3300000")
    tambah(
        "05-terlambat",
        "Item terakhir datang sesudah batch lain selesai: keduanya dibayar.",
        [m, i[0], m2, *i2, {"tunggu_dibayar": ids(i2)}, i[1]],
        dibayar(i, i2),
    )

    m, i = batch("dibatalkan", 15, "1200000", "2400000")
    tambah(
        "06-dibatalkan",
        "Batch ditarik kembali sebelum lengkap, item terakhir menyusul: tidak dibayar, semuanya dijawab.",
        [m, i[0], pembatalan("dibatalkan"), i[1]],
        batal=ids(i),
    )

    m, i = batch("keliru", 17, "1300000", "2600000")
    m2, i2 = batch("koreksi", 17, "1350000", "2600000")
    tambah(
        "07-dikoreksi",
        "Batch keliru ditarik, batch baru untuk orang yang sama: hanya yang baru dibayar.",
        [m, i[0], pembatalan("keliru"), i[1], m2, *i2],
        dibayar(i2),
        batal=ids(i),
    )

    m, i = batch("terbayar", 19, "1400000", "2800000")
    m2, i2 = batch("dibuka-kembali", 19, "1450000", "2850000")
    tambah(
        "08-dibuka-kembali",
        "Pembatalan datang sesudah dibayar, lalu batch kedua untuk bulan dan orang yang sama: "
        "yang sudah dibayar tetap, yang kedua tidak dibayar.",
        [m, *i, {"tunggu_dibayar": ids(i)}, pembatalan("terbayar"), m2, *i2],
        dibayar(i),
        tidak=ids(i2),
    )

    m, i = batch("lengkap", 21, "1600000")
    asing = item("asing", 1, 22, "7000000")
    selundup = item("selundup", 1, 23, "8000000", batch=_id("batch", "lengkap"))
    tambah(
        "09-item-asing",
        "Item tanpa manifes, dan item tambahan pada batch yang sudah lengkap: tidak dibayar.",
        [asing, m, *i, {"tunggu_dibayar": ids(i)}, selundup],
        dibayar(i),
        tidak=ids([asing, selundup]),
    )

    m, i = batch("kunci-asing", 24, "1700000", "3400000")
    data = isi(m)
    lines = [data[name] for name in data if name not in ("version", "tanda_tangan")]
    palsu = ubah(m, tanda_tangan=tanda(_naskah("ekinerja-payroll-manifes-1", *lines), KUNCI_LAIN))
    tambah(
        "10-tanda-tangan-palsu",
        "Manifes ditandatangani kunci lain: tidak dibayar.",
        [palsu, *i],
        tidak=ids(i),
    )

    m, i = batch("manifes-diubah", 26, "1800000", "3600000")
    lebih = [*i, item("manifes-diubah", 3, 28, "9000000")]
    diubah = ubah(
        m, **{k: v for k, v in isi(manifes("manifes-diubah", lebih)).items() if k != "tanda_tangan"}
    )
    tambah(
        "11-manifes-diubah",
        "Isi manifes ditambah satu orang, tanda tangannya yang lama: tidak dibayar.",
        [diubah, *lebih],
        tidak=ids(lebih),
    )

    m, i = batch("item-diubah", 29, "1900000", "3800000")
    tambah(
        "12-item-diubah",
        "Jumlah satu item berbeda dari manifes: tidak satu pun dari batch itu dibayar.",
        [m, i[0], ubah(i[1], neto="3800001", bruto="3800101")],
        tidak=ids(i),
    )

    m, i = batch("isi-lain", 31, "1550000", "3100000")
    tambah(
        "13-ulang-isi-lain",
        "Item yang sama datang lagi dengan jumlah lain: yang pertama tetap, dibayar satu kali.",
        [i[0], ubah(i[0], neto="9999999", bruto="10000099"), m, i[1]],
        dibayar(i),
    )

    m, i = batch("tanpa-tanda", 33, "1650000")
    polos = m | {"value": json.dumps({k: v for k, v in isi(m).items() if k != "tanda_tangan"})}
    tambah("14-tanpa-tanda-tangan", "Manifes tanpa tanda tangan: tidak dibayar.", [polos, *i], tidak=ids(i))

    m, i = batch("rusak", 34, "1750000", "3500000")
    tambah(
        "15-pesan-rusak",
        "Pesan tak terbaca, tanpa kepala, dan bertipe asing di sela: dilewati, sisanya dibayar.",
        [
            m,
            i[0] | {"value": "{"},
            {"key": "x", "headers": {}, "value": "{}"},
            i[0] | {"headers": i[0]["headers"] | {"ce_type": "id.ekinerja.payroll.yang-baru"}},
            ubah(i[0], neto=1750000.0, item_id=_id("item", "pecahan", 1)),
            *i,
        ],
        dibayar(i),
        tidak=[_id("item", "pecahan", 1)],
    )

    m, i = batch("sen", 36, "1000000.10", "2000000.20", "0.70")
    tambah("16-sen", "Rupiah dengan sen: dihitung tepat, tanpa bilangan pecahan biner.", [m, *i], dibayar(i))

    m, i = batch("pembatalan-palsu", 39, "1850000", "3700000")
    tambah(
        "17-pembatalan-palsu",
        "Pembatalan yang tidak ditandatangani e-Kinerja: diabaikan, batch dibayar.",
        [m, pembatalan("pembatalan-palsu", kunci=KUNCI_LAIN), *i],
        dibayar(i),
    )

    m, i = batch("bulan", 41, "1950000", "3900000")
    m2, i2 = batch("ketiga-belas", 41, "2050000", "4100000", periode="2026-13")
    m3, i3 = batch("ketiga-belas-lagi", 41, "2050000", "4100000", periode="2026-13")
    tambah(
        "18-ketiga-belas",
        "TPP ke-13 (periode 2026-13) di samping bulan orang yang sama: keduanya dibayar; batch kedua untuk "
        "2026-13 tidak.",
        [m, *i, m2, *i2, {"tunggu_dibayar": ids([*i, *i2])}, m3, *i3],
        dibayar(i, i2),
        tidak=ids(i3),
    )
    return found


def tulis(folder: Path) -> None:
    """All files below `folder`."""
    (folder / "vektor").mkdir(parents=True, exist_ok=True)
    public = KUNCI.public_key().public_bytes_raw()
    key = {"kty": "OKP", "crv": "Ed25519", "kid": KID, "x": _b64(public)}
    (folder / "kunci-uji.jwks.json").write_text(json.dumps({"keys": [key]}, indent=1) + "\n")
    for nama, one in vektor().items():
        lines = [one["harapan"], *one["baris"]]
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / "vektor" / f"{nama}.jsonl").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    tulis(Path(sys.argv[1]) if len(sys.argv) > 1 else DI_SINI)
