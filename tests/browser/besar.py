"""A pemda of 10.000 people as each service knows it, served by a process of its own.

What takes a province a year is put straight into the databases: these tests look at lists, not at their
coming about.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx2

from deploy.embedded.files import free_port
from shared.auth.guard import Peranan, Principal
from shared.auth.token import Signer
from shared.settings import ServiceSettings
from tests.conftest import FreshDatabase
from tests.rig import as_environment
from tests.unit.tpp.strategi import CONTOH

BULAN, LALU = "2026-10", "2026-09"
ORANG = 10_000
DIHITUNG = ORANG * 19 // 20
"""Those with a figure; the others are held."""
OPD = 40
TERBESAR = "OPD00"
"""The OPD that holds four people out of ten."""
PENERIMA = UUID("00000000-0000-4000-8000-000000000001")
"""Whose inbox holds as many messages."""

_DITAHAN = json.dumps(
    [{"kode": "predikat", "kalimat": "Atasan belum menilai.", "pemilik": "atasan", "pasal": "Pasal 12"}]
)
_BARIS = json.dumps(
    [
        ["beban_kerja", 7_000_000, [7_000_000]], ["prestasi_kerja", 2_500_000, [5_000_000, 50]],
        ["kondisi_kerja", 800_000, [800_000]], ["terlambat", -120_000, [3, 45]],
        ["pulang_cepat", -20_000, [1, 15]], ["tanpa_keterangan", -210_000, [1]],
        ["tanpa_masuk", -50_000, [2]], ["tanpa_apel", -10_000, [1]], ["bpjs_4", 390_000, [4]],
        ["bpjs_4_disetor", -390_000, []], ["bpjs_1", -97_500, [1]], ["pph21", -475_000, [5]],
    ]
)  # fmt: skip
_MASUKAN = json.dumps({"predikat": 2, "status": "PNS"})
_KEBIJAKAN = (CONTOH / "umum-60-40.yaml").read_text(encoding="utf-8")
_GELAR = ", S.T., M.Eng., M.Si., Ph.D., IPU, ASEAN Eng."
"""Names with all titles are as long as this; one in fifty is not known yet."""
_ORANG = f"""
CREATE TEMPORARY TABLE orang AS
SELECT n, md5('orang' || n)::uuid AS pegawai_id, md5('atasan' || n / 20)::uuid AS atasan_id,
       to_char(date '1966-01-01' + n % 12000, 'YYYYMMDD') || '201501' || (1 + n % 2)
           || lpad((n / 12000 * 100 + n % 100)::text, 3, '0') AS nip,
       (ARRAY['Siti', 'I Gusti Ngurah Bagus', 'Budi', 'Raden Mas Haryo', 'Yohana Maria Goreti'])[1 + n % 5]
           || ' ' || (ARRAY['Rahmawati Puspitasari', 'Simanjuntak', 'Wirawan Pratama', 'Lubis'])[1 + n % 4]
           || ' ' || n AS nama,
       'OPD' || lpad((CASE WHEN n % 10 < 4 THEN 0 ELSE 1 + n % {OPD - 1} END)::text, 2, '0') AS opd
FROM generate_series(0, {ORANG - 1}) AS n;
CREATE TEMPORARY TABLE opd AS
SELECT DISTINCT opd AS kode, 'Dinas Pekerjaan Umum, Penataan Ruang, dan Pertanahan ' || opd AS nama
FROM orang;
"""
_ISI = {
    "skp": """
INSERT INTO unit_kerja (kode, nama, induk, jenis, path, opd_kode)
SELECT kode, nama, NULL, 'opd', 'PEMDA/' || kode, kode FROM opd;
INSERT INTO pegawai (pegawai_id, nip, nama, status, golongan)
SELECT pegawai_id, nip, nama, 'PNS', 'III/a' FROM orang;
INSERT INTO akun (pegawai_id, diaktifkan_pada)
SELECT pegawai_id, CASE WHEN n % 3 > 0 THEN now() END FROM orang;
INSERT INTO segmen (pegawai_id, berlaku_mulai, jabatan_kode, jabatan_nama, unit_kode, unit_nama, unit_path,
                    opd_kode)
SELECT pegawai_id, '2025-01-01', 'J', 'Analis Kebijakan Ahli Pertama', opd, 'Dinas ' || opd, 'PEMDA/' || opd,
       opd
FROM orang
""",
    "assessment": f"""
INSERT INTO pegawai (pegawai_id, version, nip, aktif) SELECT pegawai_id, 1, nip, true FROM orang;
INSERT INTO nama (pegawai_id, version, nama) SELECT pegawai_id, 1, nama FROM orang;
INSERT INTO penempatan (pegawai_id, urutan, berlaku_mulai, unit_nama, unit_path, opd_kode, opd_nama,
                        jabatan_nama, atasan_id)
SELECT pegawai_id, 1, '2025-01-01', 'Dinas ' || opd, 'PEMDA/' || opd, opd, opd.nama, 'Analis Kebijakan',
       atasan_id
FROM orang JOIN opd ON opd.kode = opd;
INSERT INTO periode (periode, version, keadaan) VALUES ('{BULAN}', 1, 'dibuka');
INSERT INTO skp_keputusan (skp_id, version, pegawai_id, tahun, periode, keadaan)
SELECT md5('skp' || n)::uuid, 2, pegawai_id, 2026, '2026-01',
       CASE WHEN n % 4 > 0 THEN 'disetujui' ELSE 'diajukan' END FROM orang WHERE n % 9 > 0;
INSERT INTO realisasi (realisasi_id, version, pegawai_id, periode, rhk_id, tanggal, uraian, jumlah, satuan,
                       jumlah_bukti)
SELECT md5('realisasi' || n || '/' || k)::uuid, 1, pegawai_id, '{BULAN}', md5('rhk' || n)::uuid,
       '2026-10-05', 'Telaah', 1, 'dokumen', 0
FROM orang CROSS JOIN generate_series(1, 4) AS k WHERE n % 5 > 0;
INSERT INTO penilaian (pegawai_id, periode, version, penilai_id, hasil_kerja, perilaku, predikat,
                       dinilai_pada)
SELECT pegawai_id, '{BULAN}', 1, atasan_id, 2, 2, 2, now() FROM orang WHERE n % 2 = 0
""",
    "tpp": f"""
INSERT INTO pegawai (pegawai_id, version, nip, status, aktif)
SELECT pegawai_id, 1, nip, 'PNS', true FROM orang;
INSERT INTO nama (pegawai_id, version, nama)
SELECT pegawai_id, 1, CASE WHEN n % 25 > 0 THEN nama ELSE 'Prof. Dr. Ir. ' || nama || '{_GELAR}' END
FROM orang WHERE n % 50 <> 1;
INSERT INTO penempatan (pegawai_id, urutan, berlaku_mulai, unit_path, opd_kode, opd_nama, opd_path,
                        jabatan_nama, kelas, golongan)
SELECT pegawai_id, 1, '2025-01-01', 'PEMDA/' || opd, opd, opd.nama, 'PEMDA/' || opd, 'Analis Kebijakan', 8,
       'III/a'
FROM orang JOIN opd ON opd.kode = opd;
INSERT INTO periode (periode, version, keadaan, lengkap_version, final_version)
VALUES ('{BULAN}', 1, 'ditutup', 1, 1);
INSERT INTO kebijakan (kebijakan_id, sidik, kode, nama, daerah, dokumen, berlaku_mulai, diunggah_oleh)
VALUES (md5('kebijakan')::uuid, 'x', 'x', 'TPP', 'Contoh', $kebijakan${_KEBIJAKAN}$kebijakan$, '2026-01-01',
        md5('siapa')::uuid);
INSERT INTO perhitungan (periode, nomor, untuk_version, kebijakan_id, keadaan, pegawai, selesai_pada)
SELECT '{BULAN}', 1, 1, kebijakan_id, 'selesai', {ORANG}, now() FROM kebijakan;
INSERT INTO tpp_bulan (pegawai_id, periode, version, nomor, kebijakan_id, nip, opd_kode, unit_path, status,
                       bruto, potongan, neto, baris, alasan, masukan, v_pegawai, v_penilaian, v_kehadiran,
                       v_gaji, dihitung_pada)
SELECT pegawai_id, '{BULAN}', 1, 1, md5('kebijakan')::uuid, nip, opd, 'PEMDA/' || opd,
       CASE WHEN n % 20 > 0 THEN 'dihitung' ELSE 'ditahan' END,
       CASE WHEN n % 20 > 0 THEN 9500000 + n ELSE 0 END, CASE WHEN n % 20 > 0 THEN 475000 ELSE 0 END,
       CASE WHEN n % 20 > 0 THEN 9025000 + n ELSE 0 END,
       CASE WHEN n % 20 > 0 THEN '{_BARIS}' ELSE '[]' END::json,
       CASE WHEN n % 20 > 0 THEN '[]' ELSE '{_DITAHAN}' END::json, '{_MASUKAN}', 1, 1, 1, 1, now()
FROM orang;
INSERT INTO tpp_bulan
SELECT pegawai_id, '{LALU}', version, nomor, kebijakan_id, nip, opd_kode, unit_path, status, bruto, potongan,
       neto, baris, alasan, masukan, v_pegawai, v_penilaian, v_kehadiran, v_gaji, dihitung_pada
FROM tpp_bulan;
INSERT INTO penilaian (pegawai_id, periode, predikat, version)
SELECT pegawai_id, '{BULAN}', 2, 1 FROM orang WHERE n % 20 > 0;
INSERT INTO penetapan (periode, opd_kode, opd_nama, opd_path)
SELECT '{BULAN}', kode, nama, 'PEMDA/' || kode FROM opd;
INSERT INTO permohonan_koreksi (permohonan_id, pegawai_id, tanggal, masuk, keterangan, sebab, bukti)
SELECT md5('mohon' || n)::uuid, pegawai_id, date '2026-10-01' + n % 28, '07:25', '', 'mesin',
       'Berita acara mesin absensi rusak nomor ' || n FROM orang;
INSERT INTO penetapan (periode, opd_kode, opd_nama, opd_path, keadaan, batch_id)
SELECT '{LALU}', kode, nama, 'PEMDA/' || kode, 'dikunci', md5('batch' || kode)::uuid FROM opd;
INSERT INTO pembayaran (item_id, batch_id, urutan, pegawai_id, periode, nip, bruto, potongan, neto,
                        dikirim_pada, keadaan, version, alasan, referensi, dibayar_pada)
SELECT md5('bayar' || n)::uuid, md5('batch' || opd)::uuid, n, pegawai_id, '{LALU}', nip, 9500000 + n, 475000,
       9025000 + n, now(), (ARRAY['gagal', 'menunggu', 'dibayar'])[1 + n % 3], 1,
       CASE WHEN n % 3 = 0 THEN 'Nama pemilik rekening tidak sesuai dengan data bank penerima' END,
       CASE WHEN n % 3 = 2 THEN 'SP2D/2026/' || n END, CASE WHEN n % 3 = 2 THEN now() END
FROM orang WHERE n % 20 > 0;
INSERT INTO jawaban_payroll (event_id, item_id, periode, jenis, version, referensi, neto)
SELECT md5('jawab' || n || '/' || k)::uuid, md5('bayar' || n)::uuid, '{LALU}',
       CASE WHEN n % 3 = 0 THEN 'gagal' ELSE 'dibayar' END, k,
       CASE WHEN n % 3 = 2 THEN 'SP2D/2026/' || n || '/' || k END, CASE WHEN n % 3 = 2 THEN 9025001 + n END
FROM orang CROSS JOIN generate_series(1, 2) AS k WHERE n % 20 > 0 AND n % 3 <> 1;
INSERT INTO koreksi (periode, pegawai_id, urutan, nip, opd_kode, unit_path, kebijakan_id, bruto, potongan,
                     neto, baris, masukan, selisih_bruto, selisih_neto, sebab)
SELECT '{LALU}', pegawai_id, 1, nip, opd, 'PEMDA/' || opd, md5('kebijakan')::uuid, 9000000 + n, 450000,
       8550000 + n, '[]', '{{}}', -500000, -475000,
       ARRAY['Kehadiran: hadir 21 hari menjadi 20 hari; tanpa keterangan 0 hari menjadi 1 hari']
FROM orang WHERE n % 20 > 0;
INSERT INTO koreksi_antrean (periode, pegawai_id) SELECT '{LALU}', pegawai_id FROM orang WHERE n % 7 = 0;
INSERT INTO keberatan (keberatan_id, pegawai_id, periode, version_slip, baris, nama, jumlah, kalimat, pasal,
                       sumber, alasan, bukti)
SELECT md5('keberatan' || n)::uuid, pegawai_id, '{LALU}', 1, 'terlambat', 'Terlambat', -120000,
       '3 kali terlambat', 'Pasal 12', 'kehadiran', 'Mesin absensi kantor rusak pada hari itu', ''
FROM orang WHERE n % 20 > 0;
INSERT INTO koreksi_tertahan (periode, pegawai_id, alasan)
SELECT '{LALU}', pegawai_id, '{_DITAHAN}' FROM orang WHERE n % 20 > 0
""",
    "notification": f"""
INSERT INTO pegawai (pegawai_id, version, nip) SELECT pegawai_id, 1, nip FROM orang;
INSERT INTO kontak (pegawai_id, version, nama) SELECT pegawai_id, 1, nama FROM orang;
INSERT INTO notifikasi (id, event_id, penerima_id, jenis, tentang_id, data, waktu)
SELECT md5('pesan' || n)::uuid, md5('event' || n)::uuid, '{PENERIMA}', 'skp_diajukan', pegawai_id,
       '{{"tahun": 2026, "skp_id": "x"}}', now() - n * interval '7 minutes' FROM orang;
INSERT INTO dibaca (notifikasi_id, pegawai_id)
SELECT id, penerima_id FROM notifikasi WHERE waktu < now() - interval '9 days'
""",
}


@dataclass(frozen=True, slots=True)
class Besar:
    """Where it serves, and sessions for it."""

    url: str
    settings: dict[str, ServiceSettings]
    lingkungan: dict[str, str]
    """The variables of its processes."""

    @contextmanager
    def pekerja(self, layanan: str) -> Iterator[None]:
        """The jobs of a service, in a process of their own, while the block runs."""
        with _proses(self.lingkungan, "serve", layanan, "--roles", "jobs"):
            yield

    def token(self, *peran: str, unit: str | None = None) -> str:
        """A session of the person with the full inbox, holding these roles."""
        held = tuple(Peranan(one, unit) for one in peran)
        keys = self.settings["skp"].keys
        return Signer(keys).issue(Principal(PENERIMA, "199001012015011001", held, 1, "Pejabat Contoh"))[0]


@contextmanager
def pemda_besar(fresh: FreshDatabase, run: Callable[[Coroutine[Any, Any, None]], None]) -> Iterator[Besar]:
    """Fill databases of their own and serve them; `run` does what is asynchronous."""
    settings = {service: fresh(service) for service in _ISI}
    run(_isi(settings))
    environment = dict(os.environ)
    for one in settings.values():
        environment |= as_environment(one)
    with _proses(environment, "host", "web") as url:
        yield Besar(url, settings, environment)


@contextmanager
def _proses(environment: dict[str, str], *arguments: str) -> Iterator[str]:
    """A process of the product, ready; where it answers."""
    port = free_port(set())
    server = subprocess.Popen(
        [sys.executable, "-m", "services", *arguments, "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + 120
        while not _ready(url):
            assert server.poll() is None, "prosesnya berhenti sendiri"
            assert time.monotonic() < end, "prosesnya tidak kunjung siap"
            time.sleep(0.1)
        yield url
    finally:
        server.terminate()
        server.wait(30)


async def _isi(settings: dict[str, ServiceSettings]) -> None:
    await asyncio.gather(*(_satu(one, _ISI[service]) for service, one in settings.items()))


async def _satu(settings: ServiceSettings, sql: str) -> None:
    conn = await asyncpg.connect(settings.owner_database)
    try:
        await conn.execute(_ORANG)
        await conn.execute(sql)
        # What autovacuum does soon after a month has come.
        await conn.execute("VACUUM ANALYZE")
    finally:
        await conn.close()


def _ready(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/health/ready", timeout=5).status_code == 200
    except httpx2.TransportError:
        return False
