"""What P3 measures against: the same month by one SQL statement, and the people both work on."""

from datetime import date
from random import Random
from typing import Any, Literal, NamedTuple
from uuid import UUID

from services.tpp.kebijakan.model import PREDIKAT, Kebijakan, golongan_dari
from services.tpp.kebijakan.tipe import TabelSiap
from services.tpp.perhitungan.engine import penafsir
from shared.period import Period

SATU = 1_000_000
"""100% in the unit in which the statement has percentages."""

_GOLONGAN = {
    "PNS": ("II/c", "II/d", "III/a", "III/b", "III/c", "III/d", "IV/a"),
    "CPNS": ("II/c", "III/a"),
    "PPPK": ("V", "VII", "IX", "X"),
}
DASAR = "dasar.rupiah"
_MENIT = (2, 5, 12, 18, 25, 30, 31, 45, 60, 61, 80, 90, 91, 130)


async def isi_data(conn: Any, banyak: int, periode: Period, seed: int) -> list[UUID]:
    """Fill the service's own copy of facts with made-up people, about 4% of whom lack something."""
    acak = Random(seed)
    ids = [UUID(int=acak.getrandbits(128), version=4) for _ in range(banyak)]
    pegawai, penempatan, penilaian, kehadiran, gaji = [], [], [], [], []
    for nomor, who in enumerate(ids):
        status = acak.choices(("PNS", "PPPK", "CPNS"), (82, 12, 6))[0]
        kelas = acak.choice((5, 5, 6, 6, 7, 7, 7, 8, 8, 9, 9, 11, 12, 14))
        opd = f"OPD{nomor % 40:02d}"
        pegawai.append((who, 1, f"{nomor:018d}", status, True))
        penempatan.append(
            (
                who, 1, date(2026, 1, 1), None, f"PEMDA/{opd}", opd, opd, f"PEMDA/{opd}", "Pelaksana", kelas,
                acak.choice(_GOLONGAN[status]), 9 if acak.random() < 0.03 else None,
            )
        )  # fmt: skip
        rated = acak.random()
        predikat = acak.choices((1, 2, 3, 4, 5), (18, 68, 9, 3, 2))[0] if rated >= 0.02 else None
        penilaian.append((who, str(periode), 1, predikat, rated >= 0.01))
        if acak.random() >= 0.01:
            late = acak.choices((0, 1, 2, 3, 5, 8), (55, 15, 12, 9, 6, 3))[0]
            early = acak.choices((0, 1, 2), (85, 11, 4))[0]
            alpa = acak.choices((0, 1, 3), (94, 5, 1))[0]
            kehadiran.append(
                (
                    who, str(periode), 20 - alpa, 2, alpa, acak.choices(_MENIT, k=late),
                    acak.choices(_MENIT, k=early), int(acak.random() < 0.08), int(acak.random() < 0.08),
                )
            )  # fmt: skip
        if acak.random() >= 0.003:
            gaji.append((who, 2_400_000 + 250_000 * kelas + 10_000 * acak.randint(0, 60)))
    for table, columns, rows in (
        ("pegawai", "pegawai_id version nip status aktif", pegawai),
        (
            "penempatan",
            "pegawai_id urutan berlaku_mulai berlaku_sampai unit_path opd_kode opd_nama opd_path jabatan_nama"
            " kelas golongan plt_kelas",
            penempatan,
        ),
        ("penilaian", "pegawai_id periode version predikat skp_disetujui", penilaian),
        (
            "kehadiran_bulan",
            "pegawai_id periode hadir cuti tanpa_keterangan terlambat pulang_cepat tanpa_masuk tanpa_pulang",
            kehadiran,
        ),
        ("gaji", "pegawai_id gaji", gaji),
    ):
        await conn.copy_records_to_table(table, columns=columns.split(), records=rows)
    return ids


Isi = Literal["jsonb", "teks", "angka"]
"""What the statement writes beside the figures: the same lines, reasons and inputs, built as jsonb; the lines
put together as text and cast once, the fastest way found; or nothing at all."""


class _Baris(NamedTuple):
    """A line in SQL: when it is there (always, without a condition), its amount, its numbers."""

    kode: str
    bila: str
    jumlah: str

    def jsonb(self, urut: int) -> str:
        """A row of VALUES."""
        return f"({urut}, {self.bila}, '{self.kode}', {self.jumlah})"

    def teks(self) -> str:
        """Its JSON form; NULL when it is not there."""
        text = f"""'["{self.kode}",' || ({self.jumlah}) || ',[]]'"""
        return f"CASE WHEN {self.bila} THEN {text} END"


def pernyataan(k: Kebijakan, periode: Period, kebijakan_id: UUID, isi: Isi) -> str:
    """One INSERT into `pembanding` that computes the month under this policy.

    Tables are joined once, minutes counted once a person, each step worked out once. `k` is the shipped
    policy of Bontang: the statement knows its steps, and takes their figures from it.
    """
    program = penafsir(k, periode).program
    step = {one.kode: one for one in program.langkah}
    tabel = program.tabel
    late, early = tabel["pita_terlambat"], tabel["pita_pulang_cepat"]

    def bagian(kode: str) -> int:
        value = step[kode].isi["persen"].lo
        assert value is not None
        return int(value * SATU)

    komponen = ["beban_kerja", "prestasi_kerja"]
    # Code, percentage, and how often it happened; the rupiah of one time is u0, u1, …
    cuts = [
        *((pita.kode, int(pita.nilai * SATU), f"tl{i}") for i, pita in enumerate(late.pita)),
        *((pita.kode, int(pita.nilai * SATU), f"psw{i}") for i, pita in enumerate(early.pita)),
        ("tidak_hadir", bagian("tidak_hadir"), "tanpa_keterangan"),
        ("tanpa_absen_masuk", bagian("tanpa_absen_masuk"), "tanpa_masuk"),
        ("tanpa_absen_pulang", bagian("tanpa_absen_pulang"), "tanpa_pulang"),
    ]
    units = ", ".join(f"{_ke_bawah('maksimum', p)} AS u{i}" for i, (_, p, _) in enumerate(cuts))
    lines = [
        *(_Baris(kode, "true", f"k{i}") for i, kode in enumerate(komponen)),
        _Baris("tambahan_plt", "plt_kelas IS NOT NULL", "plt"),
        _Baris("faktor_status", f"p_status < {SATU}", "maksimum - utuh"),
        _Baris("predikat_kinerja", "true", "dibayar - produktivitas"),
        _Baris("disiplin", "true", "0::bigint"),
        *(_Baris(kode, f"{kali} > 0", f"-{kali} * u{i}") for i, (kode, _, kali) in enumerate(cuts)),
        _Baris("batas_disiplin", "potong > batas", "potong - batas"),
        _Baris("bpjs_kesehatan", "true", "-iuran"),
        _Baris("pph21", "true", "-pph"),
    ]
    parts = ", ".join(f"{_ke_bawah(DASAR, bagian(one))} AS k{i}" for i, one in enumerate(komponen))
    bobot = tabel["bobot"].baris
    tarif = _tabel("t", "status, golongan, persen", _tarif(tabel["tarif_pajak"]))
    return f"""
INSERT INTO pembanding (pegawai_id, periode, version, nomor, kebijakan_id, nip, opd_kode, unit_path, status,
    bruto, potongan, neto, baris, alasan, masukan, v_pegawai, v_penilaian, v_kehadiran, v_gaji, dihitung_pada)
SELECT pegawai_id, '{periode}', 1, 1, '{kebijakan_id}', nip, opd_kode, unit_path,
    CASE WHEN ada THEN 'dihitung' ELSE 'ditahan' END,
    CASE WHEN ada THEN bruto ELSE 0 END, CASE WHEN ada THEN iuran + pph ELSE 0 END,
    CASE WHEN ada THEN bruto - iuran - pph ELSE 0 END,
    {_dokumen(k, periode, lines, isi)},
    v_pegawai, v_penilaian, v_kehadiran, v_gaji, now()
FROM (SELECT *, {_ke_bawah("kena", bagian("bpjs_kesehatan"))} AS iuran,
          {_ke_bawah("bruto", "p_pajak")} AS pph
FROM (SELECT *, greatest(0, least(12000000 - gaji, bruto)) AS kena
FROM (SELECT *, dibayar + disiplin - least(potong, batas) AS bruto
FROM (SELECT *, {" + ".join(f"{kali} * u{i}" for i, (_, _, kali) in enumerate(cuts))} AS potong
FROM (SELECT *, {units}, {_ke_bawah("produktivitas", "p_predikat")} AS dibayar,
          least({_ke_bawah("maksimum", int(bobot["disiplin",] * SATU))}, disiplin) AS batas
FROM (SELECT *, maksimum - produktivitas AS disiplin
FROM (SELECT *, {_setengah_ke_atas("maksimum", int(bobot["produktivitas",] * SATU))} AS produktivitas
FROM (SELECT *, CASE WHEN p_status = {SATU} THEN utuh
                     ELSE {_ke_bawah("utuh", "p_status")} END AS maksimum
FROM (SELECT *, komponen + CASE WHEN plt_kelas IS NULL THEN 0 ELSE plt END AS utuh
FROM (SELECT *, {_ke_bawah("komponen", bagian("tambahan_plt"))} AS plt
FROM (SELECT *, {" + ".join(f"k{i}" for i in range(len(komponen)))} AS komponen
FROM (SELECT p.pegawai_id, p.nip, p.status AS status_pegawai, n.opd_kode, n.unit_path, n.kelas, n.golongan,
          n.plt_kelas, g.gaji, r.predikat, coalesce(r.skp_disetujui, false) AS skp, h.hadir, h.cuti,
          h.tanpa_keterangan, h.terlambat, h.pulang_cepat, h.tanpa_masuk, h.tanpa_pulang,
          dasar.rupiah AS dasar, s.persen AS p_status, q.persen AS p_predikat, t.persen AS p_pajak,
          {parts}, late.*, early.*,
          p.version AS v_pegawai, coalesce(r.version, 0) AS v_penilaian,
          coalesce(h.version, 0) AS v_kehadiran, coalesce(g.version, 0) AS v_gaji,
          coalesce(r.skp_disetujui, false) AND r.predikat IS NOT NULL AND h.hadir IS NOT NULL
              AND g.gaji IS NOT NULL AS ada
FROM pegawai p
JOIN penempatan n ON n.pegawai_id = p.pegawai_id AND n.berlaku_mulai <= '{periode.last_day}'
     AND (n.berlaku_sampai IS NULL OR n.berlaku_sampai > '{periode.last_day}')
JOIN {_tabel("dasar", "kelas, rupiah", _satu_kunci(tabel["tpp_dasar"]))} ON dasar.kelas = n.kelas
JOIN {_tabel("s", "status, persen", _satu_kunci(tabel["status_dibayar"], SATU))} ON s.status = p.status
JOIN {tarif} ON t.status = p.status AND t.golongan = n.golongan
LEFT JOIN penilaian r ON r.periode = '{periode}' AND r.pegawai_id = p.pegawai_id
LEFT JOIN {_tabel("q", "predikat, persen", _predikat(tabel["predikat_dibayar"]))} ON q.predikat = r.predikat
LEFT JOIN kehadiran_bulan h ON h.periode = '{periode}' AND h.pegawai_id = p.pegawai_id
LEFT JOIN gaji g ON g.pegawai_id = p.pegawai_id
CROSS JOIN LATERAL (SELECT {_hitung_pita("tl", late)} FROM unnest(h.terlambat) m) late
CROSS JOIN LATERAL (SELECT {_hitung_pita("psw", early)} FROM unnest(h.pulang_cepat) m) early
OFFSET 0) s0 OFFSET 0) s1 OFFSET 0) s2 OFFSET 0) s3 OFFSET 0) s4 OFFSET 0) s5 OFFSET 0) s6
OFFSET 0) s7 OFFSET 0) s8 OFFSET 0) s9 OFFSET 0) s10 OFFSET 0) s11"""


def _dokumen(k: Kebijakan, periode: Period, lines: list[_Baris], isi: Isi) -> str:
    """Lines, reasons, inputs."""
    if isi == "angka":
        return "'[]'::jsonb, '[]'::jsonb, 'null'::jsonb"
    if isi == "teks":
        baris = f"('[' || concat_ws(',', {', '.join(line.teks() for line in lines)}) || ']')::jsonb"
    else:
        rows = ", ".join(line.jsonb(urut) for urut, line in enumerate(lines))
        baris = f"""(SELECT jsonb_agg(jsonb_build_array(b.kode, b.jumlah, '[]'::jsonb) ORDER BY b.urut)
                     FROM (VALUES {rows}) AS b (urut, bila, kode, jumlah) WHERE b.bila)"""
    conditions = {
        "skp_belum_selesai": "NOT skp",
        "predikat_belum_ada": "skp AND predikat IS NULL",
        "kehadiran_belum_ada": "hadir IS NULL",
        "gaji_belum_ada": "gaji IS NULL",
    }
    reasons = ", ".join(
        f"({urut}, {conditions[hold.kode]}, '{hold.kode}', '{hold.kalimat.format(periode=periode.tampil())}',"
        f" '{hold.pemilik}', '{hold.pasal}')"
        for urut, hold in enumerate(k.penahanan)
    )
    return f"""CASE WHEN ada THEN {baris} ELSE '[]' END,
    CASE WHEN ada THEN '[]' ELSE (
        SELECT jsonb_agg(jsonb_build_object('kode', a.kode, 'kalimat', a.kalimat, 'pemilik', a.pemilik,
                                            'pasal', a.pasal) ORDER BY a.urut)
        FROM (VALUES {reasons}) AS a (urut, bila, kode, kalimat, pemilik, pasal) WHERE a.bila) END,
    jsonb_build_object('periode', '{periode}', 'kelas', kelas, 'status', status_pegawai, 'golongan', golongan,
        'plt_kelas', plt_kelas, 'skp_disetujui', skp, 'predikat', predikat, 'kehadiran',
        CASE WHEN hadir IS NOT NULL THEN jsonb_build_object('hadir', hadir, 'cuti', cuti,
            'tanpa_keterangan', tanpa_keterangan, 'terlambat', terlambat, 'pulang_cepat', pulang_cepat,
            'tanpa_masuk', tanpa_masuk, 'tanpa_pulang', tanpa_pulang) END,
        'gaji', gaji)"""


def _ke_bawah(jumlah: str, persen: int | str) -> str:
    return f"({jumlah} * {persen} / {SATU})"


def _setengah_ke_atas(jumlah: str, persen: int) -> str:
    return f"((2 * {jumlah} * {persen} + {SATU}) / {2 * SATU})"


def _hitung_pita(prefix: str, table: TabelSiap) -> str:
    ends = [(int(one.bawah or 0) + (not one.termasuk_bawah), one.atas or 1440) for one in table.pita]
    return ", ".join(
        f"count(*) FILTER (WHERE m BETWEEN {low} AND {high}) AS {prefix}{place}"
        for place, (low, high) in enumerate(ends)
    )


def _tabel(name: str, columns: str, rows: Any) -> str:
    values = ", ".join(
        "(" + ", ".join(f"'{one}'" if isinstance(one, str) else f"{one}::bigint" for one in row) + ")"
        for row in rows
    )
    return f"(VALUES {values}) AS {name} ({columns})"


def _satu_kunci(table: TabelSiap, kali: int = 1) -> list[tuple[str | int, int]]:
    return [(keys[0], int(value * kali)) for keys, value in table.baris.items()]


def _predikat(table: TabelSiap) -> list[tuple[int, int]]:
    return [(place, int(table.baris[name,] * SATU)) for place, name in enumerate(PREDIKAT, 1)]


def _tarif(table: TabelSiap) -> list[tuple[str, str, int]]:
    return [
        (str(status), exact, int(rate * SATU))
        for (status, golongan), rate in table.baris.items()
        for exact in golongan_dari(status)[str(golongan)]  # type: ignore[arg-type]
    ]
