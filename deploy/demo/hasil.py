"""What the month came to: gathered through the API, checked against the oracle, shown as tables."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from deploy.demo import oracle
from deploy.demo.bulan import Bulan
from deploy.demo.pemda import Orang, Pemda
from shared.bus.admin import Login, connected, counts
from shared.money import Rupiah
from shared.period import Period


@dataclass(frozen=True, slots=True)
class Hasil:
    """The figures of a finished month."""

    rekap: list[dict[str, Any]]
    daftar: list[dict[str, Any]]
    slip: dict[str, Any]
    slip_nama: str
    events: dict[str, int]
    selisih: list[str]
    """Every person whose stored figures differ from the independent calculation."""

    @property
    def sha256(self) -> str:
        """Over the sorted lines `nip|periode|status|bruto|potongan|neto`."""
        lines = sorted(
            "|".join((r["nip"], r["periode"], r["status"], r["bruto"], r["potongan"], r["neto"])) + "\n"
            for r in self.daftar
        )
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def json(self, detik: dict[str, float]) -> dict[str, Any]:
        """What `--json` writes. Rupiah as text, so that no reader makes a float of it."""
        return {
            "pegawai": len(self.daftar),
            "dibayar": sum(row["dibayar"] for row in self.rekap),
            "ditahan": sum(row["ditahan"] for row in self.rekap),
            "total_rupiah": str(sum((Rupiah(row["neto"]) for row in self.rekap), Rupiah(0))),
            "sha256": self.sha256,
            "events": self.events,
            "seconds": detik,
            "oracle_equal": not self.selisih,
        }


async def kumpulkan(bulan: Bulan, kafka: Login | None, namespace: str) -> Hasil:
    """Read the month back as BPKAD, and one slip as its owner."""
    pejabat, periode = bulan.pejabat, bulan.periode
    rekap = (await bulan.klien.ambil(pejabat.bpkad, f"/api/tpp/rekap/{periode}"))["opd"]
    daftar = await bulan.klien.semua(pejabat.bpkad, f"/api/tpp/daftar/{periode}")
    for row in daftar:
        row["periode"] = periode
    orang = _contoh_slip(bulan.pemda)
    slip = await bulan.klien.ambil(orang.nip, f"/api/tpp/slip/{periode}/saya")
    return Hasil(
        rekap=rekap,
        daftar=daftar,
        slip=slip,
        slip_nama=f"{orang.nama} · {bulan.pemda.jabatan[orang.jabatan].nama}",
        events=await _events(kafka, namespace) if kafka else {},
        selisih=_bandingkan(bulan.pemda, daftar, bulan.kebijakan, Period.parse(periode)),
    )


def _contoh_slip(pemda: Pemda) -> Orang:
    """Somebody paid whose month has something to explain: the most late arrivals."""
    paid = [o for o in pemda.orang if o.skp_disetujui and o.dinilai and o.ada_presensi]
    return max(
        paid, key=lambda o: sum(1 for h in o.hadir if h.masuk and (h.masuk.hour, h.masuk.minute) > (7, 30))
    )


def _bandingkan(pemda: Pemda, daftar: Sequence[dict[str, Any]], kebijakan: str, periode: Period) -> list[str]:
    policy = oracle.muat(Path(str(files("services.tpp.kebijakan") / "contoh" / f"{kebijakan}.yaml")))
    stored = {row["nip"]: row for row in daftar}
    differing = [
        f"{nip}: tidak ada dalam data contoh" for nip in stored.keys() - {o.nip for o in pemda.orang}
    ]
    for orang in pemda.orang:
        jabatan = pemda.jabatan[orang.pindah_ke[0] if orang.pindah_ke else orang.jabatan]
        expected = oracle.hitung(
            policy,
            kelas=jabatan.kelas,
            status=orang.status,
            golongan=orang.golongan,
            plt_kelas=pemda.jabatan[orang.plt].kelas if orang.plt else None,
            hari_plt=(periode.last_day - orang.mulai).days + 1,
            skp_disetujui=orang.skp_disetujui,
            predikat=oracle.predikat(orang.hasil_kerja, orang.perilaku)
            if orang.dinilai and orang.skp_disetujui
            else None,
            kehadiran=oracle.rekap(orang.hadir) if orang.ada_presensi else None,
            gaji=orang.gaji,
        )
        row = stored.get(orang.nip)
        found = (
            None if row is None else (row["status"] == "ditahan", row["bruto"], row["potongan"], row["neto"])
        )
        wanted = (expected.ditahan, str(expected.bruto), str(expected.potongan), str(expected.neto))
        if found != wanted:
            differing.append(f"{orang.nip}: tersimpan {found}, seharusnya {wanted}")
    return differing


async def _events(kafka: Login, namespace: str) -> dict[str, int]:
    async with connected(kafka) as admin:
        return await counts(admin, kafka, namespace)


def tampilkan(console: Console, hasil: Hasil, bulan: Bulan) -> None:
    """Tables for people."""
    console.print()
    console.print(_rekap(hasil, bulan.periode))
    console.print(_slip(hasil))
    events = Table("topik", "event", title="Event di Kafka")
    events.columns[1].justify = "right"
    for topic, count in hasil.events.items():
        events.add_row(topic, _angka(count))
    if hasil.events:
        console.print(events)
    total = Table("tahap", "detik", title="Waktu")
    total.columns[1].justify = "right"
    for nama, detik in bulan.detik.items():
        total.add_row(nama, f"{detik:.1f}".replace(".", ","))
    console.print(total)
    if hasil.selisih:
        console.print(
            Text(f"Hitungan pembanding BERBEDA untuk {len(hasil.selisih)} orang:", style="bold red")
        )
        for line in hasil.selisih[:10]:
            console.print(f"  {line}", highlight=False)
    else:
        console.print(
            f"[green]Semua {_angka(len(hasil.daftar))} hasil sama sampai rupiah[/] "
            "dengan hitungan pembanding yang terpisah."
        )
    console.print(f"sha256 tabel TPP: {hasil.sha256}", highlight=False)


def _rekap(hasil: Hasil, periode: str) -> Table:
    table = Table(title=f"TPP {periode} per OPD", show_footer=True)
    total = {name: sum(row[name] for row in hasil.rekap) for name in ("pegawai", "dibayar", "ditahan")}
    sums = {
        name: sum((Rupiah(row[name]) for row in hasil.rekap), Rupiah(0))
        for name in ("bruto", "potongan", "neto")
    }
    table.add_column("OPD", footer="Jumlah")
    for name in ("pegawai", "dibayar", "ditahan"):
        table.add_column(name, justify="right", footer=_angka(total[name]))
    for name in ("bruto", "potongan", "neto"):
        table.add_column(name, justify="right", footer=sums[name].tampil(), no_wrap=True)
    for row in hasil.rekap:
        table.add_row(
            row["opd_nama"],
            *(_angka(row[name]) for name in ("pegawai", "dibayar", "ditahan")),
            *(Rupiah(row[name]).tampil() for name in ("bruto", "potongan", "neto")),
        )
    return table


def _slip(hasil: Hasil) -> Table:
    table = Table(title=f"Kenapa TPP saya segini? {hasil.slip_nama}", show_footer=True)
    table.add_column("bagian", footer="Diterima")
    table.add_column("jumlah", justify="right", no_wrap=True, footer=Rupiah(hasil.slip["neto"]).tampil())
    table.add_column("penjelasan")
    table.add_column("dasar")
    for line in hasil.slip["baris"]:
        table.add_row(line["nama"], Rupiah(line["jumlah"]).tampil(), line["kalimat"], line["pasal"])
    for reason in hasil.slip["alasan"]:
        table.add_row("Ditahan", "", reason["kalimat"], reason.get("pasal", ""))
    return table


def _angka(count: int) -> str:
    return f"{count:,}".replace(",", ".")
