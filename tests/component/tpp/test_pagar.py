"""Row-level security: what PostgreSQL still withholds when every check of the application is gone."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.tpp.authz import AUTHZ
from services.tpp.rekening.rules import samarkan
from shared.auth.guard import Guard, ListScope, Peranan, Principal, Subject
from shared.contracts.payroll import ItemPayable
from shared.http import app as pintu
from shared.http.context import Reader
from shared.web.routes import KEY
from tests.component.tpp.dunia import (
    ADMIN,
    ANI,
    BPKAD,
    BUDI,
    BULAN,
    CICI,
    DEDI,
    HARI,
    KEPALA_HARIAN,
    KEUANGAN,
    KEUANGAN_DINKES,
    NIP_DARI,
    OKTOBER,
    ORANG,
    PENGELOLA,
    Dunia,
    csv,
    dibayar,
    gagal,
    pegawai,
    segmen,
)
from tests.component.tpp.test_andai import selesaikan
from tests.component.tpp.test_ekspor import rekening
from tests.component.tpp.test_rekening import baris

NOVEMBER = OKTOBER.plus(1)
DISDIK, DINKES = "PEMDA/DISDIK", "PEMDA/DINKES"
KELUHAN = "Angka pada slip saya tidak sesuai dengan surat keputusan"
NOMOR_BUKTI = "SP2D-RAHASIA-77"
GET = sorted(path for (method, path), rule in AUTHZ.items() if method == "GET" and not rule.public)
ISIAN = {"opd": "DISDIK", "isian": ["npwp_pemotong=0123456789012345", "id_tku=0123456789012345000000"]}


@dataclass(frozen=True)
class Orang:
    """Somebody who asks."""

    nama: str
    pegawai_id: UUID
    peran: tuple[str, ...] = ()
    unit: str | None = None


ASING = (
    Orang("pegawai lain", DEDI),
    Orang("keuangan OPD lain", KEUANGAN_DINKES, ("keuangan_opd",), DINKES),
    Orang("pengelola OPD lain", PENGELOLA, ("pengelola",), DINKES),
    Orang("pimpinan OPD lain", DEDI, ("pimpinan",), DINKES),
)
BERHAK = (
    Orang("yang bersangkutan", ANI),
    Orang("yang pindah", BUDI),
    Orang("keuangan OPD", KEUANGAN, ("keuangan_opd",), DISDIK),
    Orang("keuangan OPD tujuan", KEUANGAN_DINKES, ("keuangan_opd",), DINKES),
    Orang("pengelola OPD", PENGELOLA, ("pengelola",), DISDIK),
    Orang("pimpinan OPD", CICI, ("pimpinan",), DISDIK),
    Orang("admin BKD", ADMIN, ("admin_bkd",)),
    Orang("BPKAD", BPKAD, ("bpkad",)),
    Orang("auditor", KEUANGAN, ("auditor",)),
)


class TanpaPeriksa(Guard):
    """A guard that lets everybody see everything."""

    def open_to(self) -> None:
        self._admitted = True

    def admit(self, subject: Subject) -> None:
        self._admitted = True

    def reaches(self, subject: Subject) -> bool:
        return True

    def scope(self) -> ListScope:
        self._admitted = True
        return ListScope(True, [], None, None)


@dataclass
class Kantor:
    """Pay of every kind that tpp keeps, and where it is read."""

    dunia: Dunia
    alamat: dict[str, str]
    rahasia: frozenset[str]

    async def buka(self, path: str, who: Orang, bulan: str = BULAN) -> Any:
        filled = {**self.alamat, "periode": bulan}
        address = re.sub(r"\{(\w+)\}", lambda name: filled[name[1]], path)
        query: dict[str, Any] = ISIAN if path.endswith("/{kode}") else {}
        if path == "/tpp/berkas/baru":
            query = {"kode": "bank", "bulan": bulan}
        headers = self.dunia.tpp.kepala(who.pegawai_id, *who.peran, unit=who.unit)
        # A page that was told once what happened says so no more.
        self.dunia.tpp.client.cookies.clear()
        return await self.dunia.tpp.client.get(address, headers=headers, params=query)

    def bocor(self, told: Any) -> bool:
        """Whether an answer holds what only these people's finance may know."""
        if told.status_code != 200:
            return False
        if told.headers["content-type"] == "application/pdf":
            return str(ANI) in str(told.url)
        text = isi(told)
        # An amount is written 1234567.00 for programs and Rp 1.234.567 for people.
        plain = text + re.sub(r"(?<=\d)\.(?=\d{3})", "", text)
        return any(secret in plain for secret in self.rahasia)


def isi(told: Any) -> str:
    """What an answer says, without keys for the next write and without when a file was made."""
    if told.content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(told.content)) as book:
            return "".join(
                book.read(name).decode()
                for name in sorted(book.namelist())
                if not name.startswith("docProps")
            )
    return re.sub(rf'name="{KEY}" value="[^"]*"', "", told.text)


@pytest.fixture
async def kantor(dunia: Dunia) -> Kantor:
    """Two months of two OPDs, with all that follows a lock; in the second Budi works in the other OPD."""
    await dunia.gaji(*((NIP_DARI[who], 4_100_000 + 111_111 * at) for at, who in enumerate(ORANG)))
    await dunia.jalankan()
    told = await dunia.kirim("/keberatan", ANI, json={"periode": BULAN, "alasan": KELUHAN})
    assert told.status_code == 201, told.text
    objection = told.json()["keberatan_id"]
    for opd in ("DISDIK", "DINKES"):
        await dunia.kunci(opd)
    items = {item.pegawai_id: item for item in await dunia.tpp.keluar(ItemPayable)}
    paid = dibayar(items[ANI])
    await dunia.dengar(paid, gagal(items[CICI]))
    await dunia.tpp.baris(
        "UPDATE jawaban_payroll SET referensi = $1 WHERE jenis = 'dibayar' RETURNING 1",
        NOMOR_BUKTI,
    )
    nomor = {who: f"00712345{at}7{at}9{at}" for at, who in enumerate(ORANG, 1)}
    await rekening(dunia, *(baris(who, **{"No. Rekening": nomor[who]}) for who in ORANG))
    alpa = csv(KEPALA_HARIAN, *((NIP_DARI[who], HARI[0], "", "", "A") for who in (ANI, CICI)))
    await dunia.kehadiran(alpa, alasan="kesalahan rekap")
    await dunia.koreksi()
    await dunia.dengar(
        pegawai(BUDI, segmen(BUDI), segmen(BUDI, mulai=date(2026, 11, 1), opd="DINKES"), version=2)
    )
    await dunia.bulan(NOVEMBER, ANI, BUDI, *ORANG[3:], versions={BUDI: 2})
    policy = await dunia.tpp.nilai("SELECT kebijakan_id FROM kebijakan")
    told = await dunia.kirim(f"/andai/kebijakan/{policy}", BPKAD, "bpkad")
    await selesaikan(dunia, told.json()["andai_id"])
    fields = {"kode": "bank", "bulan": BULAN, "opd": "DISDIK"}
    headers = dunia.tpp.kepala(BPKAD, "bpkad")
    made = await dunia.tpp.client.post(
        "/tpp/berkas/baru", data={**fields, KEY: headers["Idempotency-Key"]}, headers=headers
    )
    assert made.status_code == 303, made.text
    alamat = {
        "pegawai_id": str(ANI),
        "opd_kode": "DISDIK",
        "urutan": "1",
        "kode": "bank",
        "tanggal": str(HARI[0]),
        "tahun": "2026",
        "keberatan_id": str(objection),
        "andai_id": str(told.json()["andai_id"]),
        "ekspor_id": made.headers["location"].rpartition("/")[2],
        "kebijakan_id": str(policy),
        "lama_id": str(policy),
    }
    for path in GET:
        for name in re.findall(r"\{(\w+)\}", path):
            alamat.setdefault(name, str(UUID(int=7)))
    return Kantor(dunia, alamat, await _rahasia(dunia, nomor))


async def _rahasia(dunia: Dunia, nomor: dict[UUID, str]) -> frozenset[str]:
    """Amounts and words about Ani, Cici and their OPD that stand in nobody else's pay."""
    amounts = """
        SELECT pegawai_id, unnest(ARRAY[bruto, potongan, neto]) AS rp FROM tpp_bulan
        UNION ALL SELECT pegawai_id, unnest(ARRAY[neto, abs(selisih_bruto), abs(selisih_neto)]) FROM koreksi
        UNION ALL SELECT pegawai_id, gaji FROM gaji
        UNION ALL SELECT NULL, unnest(ARRAY[sum(bruto), sum(potongan), sum(neto)])::bigint FROM tpp_bulan
                  WHERE opd_kode = 'DISDIK' GROUP BY periode HAVING count(*) > 1
    """
    mine: set[str] = set()
    others: set[str] = set()
    for row in await dunia.tpp.baris(amounts):
        group = mine if row["pegawai_id"] in (ANI, CICI, None) else others
        if row["rp"] >= 10_000:
            group.add(str(row["rp"]))
    accounts = {each for who in (ANI, CICI) for each in (nomor[who], samarkan(nomor[who]))}
    found = (mine - others) | accounts | {KELUHAN, NOMOR_BUKTI, "Rekening ditolak 1"}
    assert len(mine - others) > 8
    return frozenset(found)


async def test_without_the_checks_of_the_application_foreign_pay_stays_shut(
    kantor: Kantor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pintu, "Guard", TanpaPeriksa)
    reads, through = [], []
    for path in GET:
        for who in ASING:
            monkeypatch.setattr(Reader, "reading", False)
            if not kantor.bocor(await kantor.buka(path, who)):
                continue
            reads.append((path, who.nama))
            monkeypatch.setattr(Reader, "reading", True)
            if kantor.bocor(await kantor.buka(path, who)):
                through.append((path, who.nama))
    stopped = 1 - len(through) / len(reads)
    print(f"bacaan asing {len(reads)} pada {len({path for path, _ in reads})} jalur, tertahan {stopped:.1%}")
    for one in through:
        print("  lolos:", *one)
    assert len({path for path, _ in reads}) >= 25
    assert stopped >= 0.95, through


async def test_with_the_checks_in_place_nobody_entitled_sees_less(
    kantor: Kantor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every answer is what it would be without row-level security, for a person who moved as well."""
    answered, other = 0, []
    for path in GET:
        for who in BERHAK:
            for bulan in (BULAN, str(NOVEMBER)) if "{periode}" in path else (BULAN,):
                monkeypatch.setattr(Reader, "reading", False)
                before = await kantor.buka(path, who, bulan)
                monkeypatch.setattr(Reader, "reading", True)
                after = await kantor.buka(path, who, bulan)
                same = after.status_code == before.status_code
                if same and after.status_code == 200 and after.headers["content-type"] != "application/pdf":
                    answered += 1
                    same = isi(after) == isi(before)
                if not same:
                    other.append((path, who.nama, bulan))
    assert other == []
    assert answered > 200


async def test_every_table_with_somebodys_amount_or_account_has_a_policy(dunia: Dunia) -> None:
    rows = await dunia.tpp.baris("""
        SELECT c.relname,
               c.relrowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) AS pagar
        FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace AND s.nspname = 'public'
        WHERE c.relkind IN ('r', 'p')
          AND EXISTS (SELECT FROM pg_attribute a
                      WHERE a.attrelid = c.oid AND a.attname IN ('pegawai_id', 'item_id'))
          AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped AND (
              a.attname IN ('bruto', 'potongan', 'neto', 'jumlah', 'gaji', 'pajak', 'nilai', 'ptkp', 'sidik')
              OR a.atttypid = 'bytea'::regtype))
    """)
    tables = {row["relname"]: row["pagar"] for row in rows}
    assert {"tpp_bulan", "pembayaran", "jawaban_payroll", "rekening", "gaji", "koreksi", "keberatan"} <= set(
        tables
    )
    assert [name for name, fenced in tables.items() if not fenced] == []
    views = await dunia.tpp.baris(
        "SELECT relname, coalesce(reloptions::text, '') AS how FROM pg_class"
        " WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace"
    )
    assert [view["relname"] for view in views if "security_invoker=true" not in view["how"]] == []


async def test_a_question_runs_as_the_reading_role_which_cannot_write(dunia: Dunia) -> None:
    """Besides the trace of a reading, only the code of a printed slip."""
    rights = await dunia.tpp.baris("""
        SELECT c.oid::regclass::text AS name, r.what FROM pg_class c
        JOIN pg_namespace s ON s.oid = c.relnamespace AND s.nspname IN ('public', 'kernel')
        CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS r(what)
        WHERE c.relkind IN ('r', 'p', 'v') AND has_table_privilege('tpp_baca', c.oid, r.what) ORDER BY 1, 2
    """)
    assert [(row["name"], row["what"]) for row in rights] == [
        ("dokumen", "INSERT"),
        ("dokumen", "UPDATE"),
        ("kernel.audit", "INSERT"),
        ("kunci_verifikasi", "INSERT"),
    ]
    guard = Guard(AUTHZ["GET", "/api/tpp/slip/{periode}/saya"], Principal(ANI, NIP_DARI[ANI], (), 1))
    async with dunia.tpp.database.transaction(guard=guard, reading=True) as tx:
        assert await tx.conn.fetchval("SELECT current_user") == "tpp_baca"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await tx.conn.execute("UPDATE tpp_bulan SET neto = 0")
    async with dunia.tpp.database.transaction() as tx:
        assert await tx.conn.fetchval("SELECT current_user") == "tpp_app"
        assert await tx.conn.fetchval("SELECT current_setting('ekinerja.diri', true)") == ""


async def test_reach_decides_row_by_row(dunia: Dunia) -> None:
    """A person sees one row, finance those of the OPD, BPKAD all, and a rule without a grant none."""
    await dunia.jalankan()
    daftar = AUTHZ["GET", "/api/tpp/daftar/{periode}"]
    saya = AUTHZ["GET", "/api/tpp/slip/{periode}/saya"]

    async def seen(rule: Any, *held: Peranan) -> set[UUID]:
        who = Principal(ANI, NIP_DARI[ANI], held, 1)
        async with dunia.tpp.database.transaction(guard=Guard(rule, who), reading=True) as tx:
            return {row["pegawai_id"] for row in await tx.conn.fetch("SELECT pegawai_id FROM tpp_bulan")}

    assert await seen(saya) == {ANI}
    assert await seen(daftar) == set()
    assert await seen(daftar, Peranan("keuangan_opd", DINKES)) == set(ORANG[3:])
    assert await seen(daftar, Peranan("keuangan_opd", "PEMDA/DINKE")) == set()
    assert await seen(daftar, Peranan("pengelola", DINKES)) == set()
    assert await seen(daftar, Peranan("bpkad", None)) == set(ORANG)
