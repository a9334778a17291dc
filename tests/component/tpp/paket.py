"""The worked examples of a shipped policy as figures of people, stored as a run and a lock leave them."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple
from uuid import UUID

from services.tpp.kebijakan.model import Kasus, Kebijakan
from services.tpp.kebijakan.reader import baca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.masukan_teks import baca_teks
from services.tpp.perhitungan.rules import Hasil, Masukan
from services.tpp.perhitungan.run import Angka, simpan
from services.tpp.perhitungan.uji import masukan_kasus
from shared.contracts.pegawai import PegawaiChanged, Penempatan, TugasPlt
from shared.db import Tx
from shared.nip import Nip
from shared.period import Period
from shared.testing.feed import Recorded
from tests.component.tpp.dunia import Dunia, id_of, kebijakan

BERAS = (
    "aplikasi-2026", "banjarmasin", "bengkulu", "bontang", "dki", "jawa-barat", "kaltim", "kepahiang",
    "seluma", "umum-60-40",
)  # fmt: skip


class Contoh(NamedTuple):
    """A case as somebody's month."""

    kasus: str
    pegawai_id: UUID
    nip: str
    masukan: Masukan
    hasil: Hasil


class Paket(NamedTuple):
    """A policy in force and the cases of its pack, each its own person's month."""

    kebijakan_id: UUID
    kebijakan: Kebijakan
    contoh: list[Contoh]


async def simpan_paket(dunia: Dunia, nama: str, *, kunci: bool = True) -> Paket:
    """Put a shipped policy in force and store its cases; `kunci`: with the payments of a lock."""
    text = kebijakan(nama)
    policy, policy_id = baca(text.decode()), UUID(await dunia.kebijakan(text))
    hitung = engine.compile(policy)
    found = [
        one
        for number, case in enumerate(policy.uji)
        if (one := _contoh(policy, hitung, case, f"{nama}/{case.nama}", number)) is not None
    ]
    await dunia.tpp.dengar(*map(_orang, found))
    months = sorted({one.masukan.periode for one in found})
    for month in months:
        people = [one for one in found if one.masukan.periode == month]
        await dunia.tpp.database.run(_bulan(month, policy_id, people, kunci))
    return Paket(policy_id, policy, found)


def _contoh(policy: Kebijakan, hitung: engine.Hitung, case: Kasus, name: str, number: int) -> Contoh | None:
    written = masukan_kasus(policy, case)
    month = Period.parse(str(written["periode"]))
    m, _ = baca_teks(written, engine.penafsir(policy, month).program.fakta)
    assert m is not None
    nip = f"19850101201001{1 + number % 2}{100 + number:03d}"
    return Contoh(case.nama, id_of(name), nip, m, hitung(m))


def _orang(one: Contoh) -> Recorded:
    m = one.masukan
    return Recorded.of(
        PegawaiChanged(
            version=1,
            pegawai_id=one.pegawai_id,
            nip=Nip(one.nip),
            status=m.status,
            aktif=True,
            penempatan=(
                Penempatan(
                    berlaku_mulai=m.periode.plus(-24).first_day,
                    unit_kode="DISDIK-1",
                    unit_nama="Bidang Satu",
                    unit_path="PEMDA/DISDIK/DISDIK-1",
                    opd_kode="DISDIK",
                    opd_nama="Dinas Pendidikan",
                    jabatan_nama=m.jabatan or "Analis",
                    jenis_jabatan=m.jenis_jabatan or "Pelaksana",
                    kelas=m.kelas,
                    golongan=m.golongan,
                    status=None,
                    atasan_id=None,
                    plt=TugasPlt(jabatan_nama="Kepala Seksi", kelas=m.plt_kelas) if m.plt_kelas else None,
                    plt_mulai=m.periode.first_day if m.plt_kelas else None,
                ),
            ),
        )
    )


def _bulan(
    month: Period, policy_id: UUID, people: list[Contoh], kunci: bool
) -> Callable[[Tx], Awaitable[None]]:
    async def store(tx: Tx) -> None:
        text, batch = str(month), id_of("kelompok", month)
        figures = [
            Angka(
                one.pegawai_id, one.nip, "DISDIK", "PEMDA/DISDIK/DISDIK-1", one.hasil, one.masukan,
                (1, 1, 1, 1, 0), 0,
            )
            for one in people
        ]  # fmt: skip
        await tx.conn.execute(
            "INSERT INTO periode (periode, version, keadaan, lengkap_version, final_version) "
            "VALUES ($1, 1, 'ditutup', 1, 1)",
            text,
        )
        await tx.conn.execute(
            "INSERT INTO perhitungan (periode, nomor, untuk_version, kebijakan_id, keadaan, pegawai) "
            "VALUES ($1, 1, 1, $2, 'selesai', $3)",
            text, policy_id, len(people),
        )  # fmt: skip
        await simpan(tx, month, 1, policy_id, figures)
        await tx.conn.execute(
            "INSERT INTO penetapan (periode, opd_kode, opd_nama, opd_path, keadaan, batch_id) "
            "VALUES ($1, 'DISDIK', 'Dinas Pendidikan', 'PEMDA/DISDIK', $2, $3)",
            text, "dikunci" if kunci else "draf", batch,
        )  # fmt: skip
        await tx.conn.execute(
            "INSERT INTO pembayaran (item_id, batch_id, urutan, pegawai_id, periode, nip, bruto, potongan, "
            "neto) SELECT gen_random_uuid(), $2, row_number() OVER (ORDER BY nip), pegawai_id, periode, nip, "
            "bruto, potongan, neto FROM tpp_bulan WHERE periode = $1 AND neto > 0 AND $3",
            text, batch, kunci,
        )  # fmt: skip

    return store
