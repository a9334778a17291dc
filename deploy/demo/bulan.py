"""One month played through the public API, by the people and offices who would do it.

Every write carries a key derived from the run, so that playing it again continues where it stopped.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from typing import Any

from rich.progress import Progress

from deploy.demo import berkas
from deploy.demo.klien import Ditolak, Klien, tunggu
from deploy.demo.pemda import Orang, Pemda, hari_kerja
from deploy.demo.perintah import ADMIN_NIP, Operator, di_sini

_BERSAMAAN = 32


@dataclass(slots=True)
class Pejabat:
    """Who holds which office in the demo."""

    admin_bkd: str
    bpkad: str
    auditor: str
    keuangan: dict[str, str]
    pengelola: dict[str, str]


@dataclass(slots=True)
class Bulan:
    """The state of a run: the pemda, the client, who is who, and how long each stage took."""

    pemda: Pemda
    klien: Klien
    progress: Progress
    operator: Operator = field(default_factory=di_sini)
    kebijakan: str = "umum-60-40"
    detik: dict[str, float] = field(default_factory=dict)
    laporan_impor: dict[str, Any] = field(default_factory=dict)
    _id: dict[str, str] = field(default_factory=dict)
    _nip: dict[str, str] = field(default_factory=dict)

    @property
    def periode(self) -> str:
        """The month played."""
        return self.pemda.periode

    async def mainkan(self) -> None:
        """All stages, in the order of a real month."""
        for nama, stage in (
            ("Data kepegawaian", self.data_kepegawaian),
            ("Akun dan peran", self.akun),
            ("Kebijakan TPP", self.kebijakan_tpp),
            ("SKP", self.skp),
            ("Realisasi dan bukti", self.realisasi),
            ("Penilaian", self.penilaian),
            ("Kehadiran, gaji, rekening", self.kehadiran),
            ("Tutup bulan", self.tutup),
            ("Perhitungan TPP", self.perhitungan),
            ("Penetapan", self.penetapan),
            ("Pembayaran", self.pembayaran),
        ):
            started = time.monotonic()
            await stage(nama)
            self.detik[nama] = round(time.monotonic() - started, 1)

    def nip(self, pegawai_id: str) -> str:
        """The NIP behind an id."""
        return self._nip[pegawai_id]

    @property
    def pejabat(self) -> Pejabat:
        """The same people in every run: staff of each OPD, by their place in the list."""
        staf = [o for o in self.pemda.orang if self.pemda.jabatan[o.jabatan].jenis in ("JF", "Pelaksana")]
        per_opd = {o.opd: [s.nip for s in staf if s.opd == o.opd] for o in self.pemda.orang}
        first = next(iter(per_opd.values()))
        return Pejabat(
            admin_bkd=first[2],
            bpkad=first[3],
            auditor=next(reversed(per_opd.values()))[2],
            keuangan={opd: people[0] for opd, people in per_opd.items()},
            pengelola={opd: people[1] for opd, people in per_opd.items()},
        )

    # --- stages -----------------------------------------------------------------------------------

    async def data_kepegawaian(self, nama: str) -> None:
        """The office tries its spreadsheet, sees what is wrong, and takes over what is right."""
        with self._steps(nama, 3) as step:
            await self._admin_pertama()
            step()
            isi = berkas.organisasi(self.pemda)
            alamat = "/api/skp/impor/organisasi"
            uji = await self.klien.kirim(
                ADMIN_NIP, "impor-uji", "POST", alamat, isi=isi, berkas="organisasi.xlsx", uji="true"
            )
            _benar(uji["salah_jumlah"] == berkas.SALAH_ORGANISASI, f"baris salah: {uji['salah']}")
            step()
            self.laporan_impor = await self.klien.kirim(
                ADMIN_NIP,
                "impor",
                "POST",
                alamat,
                isi=isi,
                berkas="organisasi.xlsx",
                uji="false",
                lewati_salah="true",
            )
            _benar(self.laporan_impor["diterapkan"], "impor tidak diterapkan")
            step()

    async def akun(self, nama: str) -> None:
        """Activation codes are handed out, everyone chooses a password, offices get their roles."""
        nips = [orang.nip for orang in self.pemda.orang]
        peran = self._peran()
        with self._steps(nama, 2 * len(nips) + len(peran)) as step:
            kode: dict[str, str] = {}
            for part in _bagian(nips, 500):
                found = await self.klien.kirim(
                    ADMIN_NIP,
                    f"kode-{part[0]}",
                    "POST",
                    "/api/skp/akun/kode-aktivasi",
                    json={"pegawai": part},
                )
                for row in found["kode"]:
                    kode[row["nip"]] = row["kode"]
                    self._id[row["nip"]] = row["pegawai_id"]
                    self._nip[row["pegawai_id"]] = row["nip"]
                step(len(part))

            async def aktifkan(nip: str) -> None:
                body = {"nip": nip, "kode": kode[nip], "kata_sandi": self.klien.kata_sandi(nip)}
                await self.klien.kirim(None, f"aktivasi-{nip}", "POST", "/api/skp/aktivasi", json=body)
                step()

            await _semua(nips, aktifkan)
            for nip, roles in peran.items():
                await self.klien.kirim(
                    ADMIN_NIP,
                    f"peran-{nip}",
                    "PUT",
                    f"/api/skp/akun/{self._id[nip]}/peran",
                    json={"peran": roles},
                )
                step()

    async def kebijakan_tpp(self, nama: str) -> None:
        """One person files the region's policy, another one puts it in force."""
        isi = (files("services.tpp.kebijakan") / "contoh" / f"{self.kebijakan}.yaml").read_bytes()
        with self._steps(nama, 2) as step:
            filed = await self.klien.kirim(
                ADMIN_NIP, "kebijakan", "POST", "/api/tpp/kebijakan", isi=isi, berkas=f"{self.kebijakan}.yaml"
            )
            step()
            alamat = f"/api/tpp/kebijakan/{filed['kebijakan_id']}/aktifkan"
            await self.klien.kirim(self.pejabat.admin_bkd, "kebijakan-aktif", "POST", alamat)
            step()

    async def skp(self, nama: str) -> None:
        """From the top down: each plans on what the atasan planned; then asks; then the atasan agrees."""
        await self.klien.kirim(
            ADMIN_NIP, "periode", "POST", "/api/skp/periode", json={"periode": self.periode}
        )
        with self._steps(nama, len(self.pemda.orang)) as step:
            for level in self._tingkat():

                async def rencanakan(orang: Orang) -> None:
                    await self._rencana(orang)
                    step()

                await _semua(level, rencanakan)

    async def realisasi(self, nama: str) -> None:
        """Two results with evidence from everyone whose SKP is agreed."""
        people = [orang for orang in self.pemda.orang if orang.skp_disetujui]
        hari = hari_kerja(self.periode)
        with self._steps(nama, len(people)) as step:

            async def kirim(orang: Orang) -> None:
                skp = await self.skp_saya(orang)
                for urut, rhk in enumerate(skp["rhk"]):
                    isi = berkas.bukti(f"Laporan {orang.nip} bagian {urut + 1}")
                    hash_isi = sha256(isi).hexdigest()
                    await self.klien.kirim(
                        orang.nip,
                        f"bukti-{orang.nip}-{urut}",
                        "PUT",
                        f"/api/skp/bukti/{hash_isi}",
                        isi=isi,
                        nama=f"laporan-{urut + 1}.pdf",
                    )
                    body = {
                        "skp_id": skp["skp_id"],
                        "rhk_id": rhk["rhk_id"],
                        "periode": self.periode,
                        "tanggal": hari[(urut * 7 + 5) % len(hari)].isoformat(),
                        "uraian": f"Menyelesaikan {rhk['rencana'].lower()}",
                        "jumlah": str(3 + urut),
                        "satuan": "dokumen",
                        "bukti": [hash_isi],
                    }
                    await self.klien.kirim(
                        orang.nip, f"realisasi-{orang.nip}-{urut}", "POST", "/api/skp/realisasi", json=body
                    )
                step()

            await _semua(people, kirim)

    async def penilaian(self, nama: str) -> None:
        """Submissions end; every atasan rates, as soon as their list shows the agreed SKP."""
        await self.klien.kirim(
            ADMIN_NIP, "tutup-kirim", "POST", f"/api/skp/periode/{self.periode}/tutup-pengiriman"
        )
        dinilai = {self._id[o.nip]: o for o in self.pemda.orang if o.skp_disetujui and o.dinilai}
        atasan = sorted({await self._nip_atasan(orang) for orang in dinilai.values()} - {""})
        left = set(dinilai)
        with self._steps(nama, len(dinilai)) as step:

            async def nilai(nip: str) -> None:
                async def siap() -> list[str] | None:
                    rows = await self.klien.semua(nip, f"/api/penilaian/{self.periode}/bawahan")
                    mine = [row for row in rows if row["pegawai_id"] in dinilai]
                    ready = all(row["skp"] == "disetujui" and row["realisasi"] >= 2 for row in mine)
                    return [row["pegawai_id"] for row in mine] if mine and ready else None

                mine = await tunggu(f"daftar bawahan {nip}", siap)
                for part in _bagian(mine, 200):
                    rows = [
                        {
                            "pegawai_id": one,
                            "hasil_kerja": dinilai[one].hasil_kerja,
                            "perilaku": dinilai[one].perilaku,
                            "catatan": "",
                        }
                        for one in part
                    ]
                    told = await self.klien.kirim(
                        nip,
                        f"nilai-{nip}-{part[0]}",
                        "POST",
                        f"/api/penilaian/{self.periode}/banyak",
                        json={"penilaian": rows},
                    )
                    _benar(all(row["tercatat"] for row in told["hasil"]), f"penilaian ditolak: {told}")
                    left.difference_update(part)
                    step(len(part))

            await _semua(atasan, nilai)
        _benar(not left, f"belum dinilai: {[self._nip[one] for one in left]}")

    async def kehadiran(self, nama: str) -> None:
        """Attendance, pay and accounts come as spreadsheets too, with mistakes that are shown and skipped."""
        admin = self.pejabat.admin_bkd
        isi = berkas.kehadiran(self.pemda)
        tanya = {"periode": self.periode, "berkas": "kehadiran.xlsx"}
        with self._steps(nama, 4) as step:
            alamat = "/api/tpp/impor/kehadiran"

            async def dikenal() -> Any:
                # tpp hears of people by events; the office asks again until all are known there. In a run
                # played again the month may be computed and locked already: then nothing is waited for.
                run = await self.klien.ambil(admin, f"/api/tpp/perhitungan/{self.periode}")
                if run["keadaan"] in ("berjalan", "selesai"):
                    return run
                told: dict[str, Any] = await self.klien.kirim(
                    admin, f"hadir-uji-{time.time_ns()}", "POST", alamat, isi=isi, uji="true", **tanya
                )
                return told if told["salah_jumlah"] == berkas.SALAH_KEHADIRAN else None

            await tunggu("tpp mengenal semua pegawai", dikenal)
            step()
            await self.klien.kirim(
                admin, "hadir", "POST", alamat, isi=isi, uji="false", lewati_salah="true", **tanya
            )
            step()
            for apa, siapa, lembar in (
                ("gaji", admin, berkas.gaji(self.pemda)),
                ("rekening", self.pejabat.bpkad, berkas.rekening(self.pemda)),
            ):
                await self.klien.kirim(
                    siapa,
                    apa,
                    "POST",
                    f"/api/tpp/impor/{apa}",
                    isi=lembar,
                    berkas=f"{apa}.xlsx",
                    uji="false",
                )
                step()

    async def tutup(self, nama: str) -> None:
        """The month closes; assessment finalises when it has everything the closing counted."""
        with self._steps(nama, 2) as step:
            await self.klien.kirim(ADMIN_NIP, "tutup", "POST", f"/api/skp/periode/{self.periode}/tutup")
            step()

            async def final() -> bool | None:
                status = await self.klien.ambil(ADMIN_NIP, f"/api/penilaian/{self.periode}/status")
                return True if status["keadaan"] == "final" else None

            await tunggu("penilaian final", final)
            step()

    async def perhitungan(self, nama: str) -> None:
        """TPP is computed as soon as all facts have arrived."""
        alamat = f"/api/tpp/perhitungan/{self.periode}"
        admin = self.pejabat.admin_bkd
        with self._steps(nama, len(self.pemda.orang)) as step:

            async def mulai() -> bool | None:
                try:
                    await self.klien.kirim(admin, "jalankan", "POST", f"{alamat}/jalankan")
                except Ditolak as refusal:
                    if refusal.status == 409:
                        return None
                    raise
                return True

            await tunggu("semua fakta bulan ini tiba di tpp", mulai)
            shown = 0

            async def selesai() -> bool | None:
                nonlocal shown
                state = await self.klien.ambil(admin, alamat)
                step(state["selesai"] - shown)
                shown = state["selesai"]
                return True if state["keadaan"] == "selesai" else None

            await tunggu("perhitungan selesai", selesai)

    async def penetapan(self, nama: str) -> None:
        """OPD verifies, BKD agrees, BPKAD locks: three different people for each OPD."""
        pejabat = self.pejabat
        opd = list(pejabat.keuangan)
        with self._steps(nama, 3 * len(opd)) as step:
            for kode in opd:
                for nip, verb in (
                    (pejabat.keuangan[kode], "verifikasi"),
                    (pejabat.admin_bkd, "setujui"),
                    (pejabat.bpkad, "kunci"),
                ):
                    alamat = f"/api/tpp/penetapan/{self.periode}/{kode}/{verb}"
                    if verb == "kunci":
                        await self._tanggapi(kode)
                    await self.klien.kirim(nip, f"{verb}-{kode}", "POST", alamat)
                    step()
                    if verb == "verifikasi" and kode == opd[0]:
                        # One office is impatient: BKD finds a reminder in its inbox.
                        alamat = f"/api/tpp/penetapan/{self.periode}/{kode}/ingatkan"
                        await self.klien.kirim(nip, f"ingatkan-{kode}", "POST", alamat)

    async def _tanggapi(self, kode: str) -> None:
        """The OPD answers for payments that are held, before BPKAD locks the others."""
        alamat = f"/api/tpp/penetapan/{self.periode}/{kode}"
        keuangan = self.pejabat.keuangan[kode]
        found = await self.klien.ambil(keuangan, f"{alamat}/pemeriksaan")
        if not found["selesai"]:
            body = {"sidik": found["sidik"], "jawaban": "Yang ditahan menyusul sesudah datanya lengkap."}
            await self.klien.kirim(
                keuangan, f"tanggapi-{kode}-{found['sidik'][:12]}", "POST", f"{alamat}/tanggapi", json=body
            )

    async def pembayaran(self, nama: str) -> None:
        """An outside payroll reads its topic, pays each item once and reports back."""
        with self._steps(nama, len(self.pemda.orang)) as step:
            shown = 0

            async def dibayar() -> bool | None:
                nonlocal shown
                await asyncio.to_thread(self.operator.bayar)
                rekap = await self.klien.ambil(self.pejabat.bpkad, f"/api/tpp/rekap/{self.periode}")
                paid = sum(row["dibayar"] for row in rekap["opd"])
                step(paid - shown)
                shown = paid
                return True if paid == sum(row["dihitung"] for row in rekap["opd"]) else None

            await tunggu("semua pembayaran dilaporkan", dibayar)

    # --- parts of stages --------------------------------------------------------------------------

    async def _admin_pertama(self) -> None:
        kode = await asyncio.to_thread(self.operator.kode_admin)
        if kode:
            body = {"nip": ADMIN_NIP, "kode": kode, "kata_sandi": self.klien.kata_sandi(ADMIN_NIP)}
            try:
                await self.klien.kirim(None, f"aktivasi-{kode}", "POST", "/api/skp/aktivasi", json=body)
            except Ditolak as refusal:
                if refusal.status >= 500:
                    raise
        await self.klien.masuk(ADMIN_NIP)

    def _peran(self) -> dict[str, list[dict[str, str | None]]]:
        pejabat = self.pejabat
        roles: dict[str, list[dict[str, str | None]]] = {}

        def beri(nip: str, peran: str, unit_path: str | None = None) -> None:
            roles.setdefault(nip, []).append({"peran": peran, "unit_path": unit_path})

        beri(pejabat.admin_bkd, "admin_bkd")
        beri(pejabat.bpkad, "bpkad")
        beri(pejabat.auditor, "auditor")
        for peran, per_opd in (("keuangan_opd", pejabat.keuangan), ("pengelola", pejabat.pengelola)):
            for opd, nip in per_opd.items():
                beri(nip, peran, self.pemda.jalur(opd))
        return roles

    def _tingkat(self) -> Iterable[list[Orang]]:
        """People by their distance from the top, so that an atasan plans before the people below."""

        def depth(kode: str) -> int:
            atasan = self.pemda.jabatan[kode].atasan
            return 0 if atasan is None else 1 + depth(atasan)

        def place(orang: Orang) -> int:
            return depth(orang.pindah_ke[0] if orang.pindah_ke else orang.jabatan)

        for level in sorted({place(orang) for orang in self.pemda.orang}):
            yield [orang for orang in self.pemda.orang if place(orang) == level]

    async def _rencana(self, orang: Orang) -> None:
        tahun = int(self.periode[:4])
        atas = await self.klien.ambil(orang.nip, "/api/skp/rhk-atasan", tahun=tahun)
        jabatan = self.pemda.jabatan[orang.jabatan].nama
        rhk = []
        for urut, (rencana, iki, target) in enumerate(_RENCANA):
            found = [row["rhk_id"] for row in atas["data"]]
            rhk.append(
                {
                    "rencana": f"{rencana} ({jabatan})",
                    "rhk_atasan_id": found[urut % len(found)] if found else None,
                    "indikator": [
                        {"aspek": "kuantitas", "iki": iki, "target": target},
                        {
                            "aspek": "waktu",
                            "iki": "Ketepatan waktu penyelesaian",
                            "target": "100% tepat waktu",
                        },
                    ],
                }
            )
        filed = await self.klien.kirim(
            orang.nip, f"skp-{orang.nip}", "POST", "/api/skp/skp", json={"tahun": tahun, "rhk": rhk}
        )
        alamat = f"/api/skp/skp/{filed['skp_id']}"
        await self.klien.kirim(orang.nip, f"ajukan-{orang.nip}", "POST", f"{alamat}/ajukan")
        if orang.skp_disetujui:
            atasan = await self._nip_atasan(orang) or ADMIN_NIP
            await self.klien.kirim(atasan, f"setujui-{orang.nip}", "POST", f"{alamat}/setujui")

    async def skp_saya(self, orang: Orang) -> Any:
        """This year's SKP of a person, with its RHK."""
        rows = await self.klien.ambil(orang.nip, "/api/skp/skp", tahun=int(self.periode[:4]), limit=200)
        mine = next(row for row in rows["data"] if row["pegawai_id"] == self._id[orang.nip])
        return await self.klien.ambil(orang.nip, f"/api/skp/skp/{mine['skp_id']}")

    async def _nip_atasan(self, orang: Orang) -> str:
        """Who rates this person today, as the product says; empty for the top."""
        who = await self.klien.ambil(orang.nip, "/api/skp/saya")
        return self._nip[who["atasan_id"]] if who["atasan_id"] else ""

    @contextmanager
    def _steps(self, nama: str, total: int) -> Any:
        task = self.progress.add_task(nama, total=total)

        def step(count: int = 1) -> None:
            self.progress.advance(task, count)

        yield step
        self.progress.update(task, completed=total)


_RENCANA = (
    ("Terlaksananya pelayanan administrasi tepat waktu", "Jumlah berkas yang selesai", "12 dokumen"),
    ("Tersusunnya laporan kinerja bulanan unit", "Jumlah laporan yang diterima", "12 laporan"),
)


async def _semua(items: Sequence[Any], work: Callable[[Any], Awaitable[None]]) -> None:
    """Do it for all, some dozens at a time; the first failure ends it."""
    gate = asyncio.Semaphore(_BERSAMAAN)

    async def one(item: Any) -> None:
        async with gate:
            await work(item)

    async with asyncio.TaskGroup() as group:
        for item in items:
            group.create_task(one(item))


def _bagian(items: Sequence[Any], size: int) -> Iterable[list[Any]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def _benar(holds: bool, otherwise: str) -> None:
    if not holds:
        raise RuntimeError(otherwise)
