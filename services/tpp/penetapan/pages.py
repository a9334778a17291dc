"""Pages of decisions on an OPD's month: the list, one OPD with totals, the next decision, taking it back."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from fastapi import Response

from services.tpp.authz import AUTHZ
from services.tpp.penetapan import commands, ingatkan, pemeriksaan, queries, rules, tanggapi
from services.tpp.penetapan.api import OpdPath, penanda, selisih
from services.tpp.perhitungan import commands as perhitungan
from services.tpp.perhitungan import queries as angka
from shared.auth.guard import Guard, Principal, Subject
from shared.errors import InvalidInput, NotFound
from shared.http import Read, Write
from shared.http.context import Context
from shared.http.params import MasaPath
from shared.period import MasaBayar
from shared.web import REFUSALS, Form, page, pages, redirect

halaman = pages("/tpp/persetujuan", "penetapan")

_API = "/api/tpp/penetapan/{periode}/{opd_kode}/"
_KATA = {
    "verifikasi": ("Verifikasi", "Keuangan OPD", "diverifikasi"),
    "setujui": ("Setujui", "Admin BKD", "disetujui"),
    "kunci": ("Kunci", "BPKAD", "dikunci"),
}


class Berikutnya(NamedTuple):
    """The next decision on an OPD: its verb, its word, who takes it, and how it stands for the caller."""

    tindakan: str
    kata: str
    siapa: str
    berperan: bool
    sudah: bool
    """The caller decided an earlier step: somebody else has to take this one."""


@halaman.get("")
async def terbaru(r: Read) -> Response:
    """Bulan terakhir yang punya angka."""
    months = await r.fetch(angka.bulan)
    newest = next((one for one in months if one.perhitungan), None)
    if newest is None:
        return page(r, "penetapan/daftar.html", penetapan=None, bulan=[], berikutnya={})
    return redirect(r, f"/tpp/persetujuan/{newest.periode}")


@halaman.get("/{periode}")
async def daftar(r: Read, periode: MasaPath) -> Response:
    """Keadaan penetapan tiap OPD."""
    found = await r.fetch(queries.daftar, MasaBayar.parse(periode))
    months = [one for one in await r.fetch(angka.bulan) if one.perhitungan]
    open_ones = [one.opd_kode for one in found.opd if one.keadaan != "dikunci"]
    counted = await r.fetch(pemeriksaan.jumlah_temuan, found.periode, open_ones, selisih(r))
    return page(
        r,
        "penetapan/daftar.html",
        penetapan=found,
        temuan=counted,
        bulan=[(str(one.periode), one.sebutan) for one in months],
        berikutnya={one.opd_kode: _berikutnya(r.principal, one) for one in found.opd},
        usang=any(one.usang for one in months if one.periode == found.periode),
    )


@halaman.get("/{periode}/{opd_kode}")
async def lihat(r: Read, periode: MasaPath, opd_kode: OpdPath) -> Response:
    """Satu OPD: jumlahnya, keputusan berikutnya, dan riwayatnya."""
    return await _lihat(r, MasaBayar.parse(periode), opd_kode)


@halaman.post("/{periode}/{opd_kode}/verifikasi")
async def verifikasi(w: Write, periode: MasaPath, opd_kode: OpdPath) -> Response:
    """Keuangan OPD memverifikasi."""
    return await _putuskan(w, periode, opd_kode, "verifikasi")


@halaman.post("/{periode}/{opd_kode}/setujui")
async def setujui(w: Write, periode: MasaPath, opd_kode: OpdPath) -> Response:
    """Admin BKD menyetujui."""
    return await _putuskan(w, periode, opd_kode, "setujui")


@halaman.post("/{periode}/{opd_kode}/kunci")
async def kunci(w: Write, periode: MasaPath, opd_kode: OpdPath) -> Response:
    """BPKAD mengunci."""
    return await _putuskan(w, periode, opd_kode, "kunci")


@halaman.post("/{periode}/{opd_kode}/kembalikan")
async def kembalikan(w: Write, periode: MasaPath, opd_kode: OpdPath) -> Response:
    """Kembalikan ke draf, dengan alasan."""

    async def sent(month: MasaBayar, form: Form) -> str:
        await w.run(commands.kembalikan, month, opd_kode, form.read(commands.Pengembalian))
        return "Dikembalikan ke draf dengan alasannya."

    return await _formulir(w, periode, opd_kode, "kembali", sent)


@halaman.post("/{periode}/{opd_kode}/tanggapi")
async def tanggapi_temuan(w: Write, periode: MasaPath, opd_kode: OpdPath) -> Response:
    """Tanggapi temuan, dengan alasan."""

    async def sent(month: MasaBayar, form: Form) -> str:
        await w.run(tanggapi.tanggapi, month, opd_kode, form.read(tanggapi.IsiTanggapan), selisih(w))
        return "Tanggapan Anda dicatat."

    return await _formulir(w, periode, opd_kode, "jawab", sent)


@halaman.post("/{periode}/{opd_kode}/batalkan")
async def batalkan(w: Write, periode: MasaPath, opd_kode: OpdPath) -> Response:
    """Tarik kembali pembayaran yang sudah diserahkan, dengan alasan."""

    async def sent(month: MasaBayar, form: Form) -> str:
        body = form.read(commands.Pengembalian)
        made = await w.done(commands.Keputusan, commands.batalkan, month, opd_kode, body, penanda(w))
        if made.batch_id:
            return "Pembatalan diminta. Sistem penggajian menjawab untuk setiap pembayaran."
        return "Dibatalkan dan kembali ke draf: belum ada pembayaran di dalamnya."

    return await _formulir(w, periode, opd_kode, "batal", sent)


@halaman.post("/{periode}/{opd_kode}/serahkan-sisa")
async def serahkan_sisa(w: Write, periode: MasaPath, opd_kode: OpdPath) -> Response:
    """Serahkan yang ditarik kembali dan belum dibayar, dalam kelompok baru."""

    async def sent(month: MasaBayar, form: Form) -> str:
        body = form.read(commands.Pengembalian)
        made = await w.done(commands.Keputusan, commands.serahkan_sisa, month, opd_kode, body, penanda(w))
        return (
            f"{made.jumlah_item} pembayaran, jumlahnya {made.total_neto.tampil()}, "
            "diserahkan dalam kelompok baru."
        )

    return await _formulir(w, periode, opd_kode, "sisa", sent)


async def _putuskan(w: Write, periode: str, opd_kode: str, tindakan: str) -> Response:
    month = MasaBayar.parse(periode)
    path = f"/tpp/persetujuan/{month}/{opd_kode}"
    try:
        made = await w.done(
            commands.Keputusan, commands.putuskan, month, opd_kode, tindakan, penanda(w), selisih(w)
        )
    except REFUSALS as problem:
        return redirect(w, path, f"{problem.detail} {problem.remedy}", kind="warning")
    told = f"TPP {month.tampil()} OPD ini {_KATA[tindakan][2]}."
    if made.jumlah_item:
        told += f" {made.jumlah_item} pembayaran, jumlahnya {made.total_neto.tampil()}, diserahkan."
    return redirect(w, path, told)


async def _formulir(
    w: Write, periode: str, opd_kode: str, nama: str, send: Callable[[MasaBayar, Form], Awaitable[str]]
) -> Response:
    """One form of the page: `send` does what it asks for and returns what the person is told.

    A wrong field is shown beside it; when things have moved on, the page as it stands now says so.
    """
    form, month = Form.sent(w.request), MasaBayar.parse(periode)
    path = f"/tpp/persetujuan/{month}/{opd_kode}"
    if form.editing():
        return await _lihat(w, month, opd_kode, **{nama: form})
    try:
        return redirect(w, path, await send(month, form))
    except InvalidInput as problem:
        return await _lihat(w, month, opd_kode, **{nama: form.refused(problem)})
    except REFUSALS as problem:
        return redirect(w, path, f"{problem.detail} {problem.remedy}", kind="warning")


async def _lihat(r: Context, periode: MasaBayar, opd_kode: str, **forms: Form) -> Response:
    """The page; of its forms (`kembali`, `jawab`, `batal`, `sisa`) the one that was sent is as sent."""
    problem = next((form.problem for form in forms.values() if form.problem), None)
    decisions = await r.fetch(queries.daftar, periode)
    found = next((one for one in decisions.opd if one.opd_kode == opd_kode), None)
    totals = next(
        (one for one in (await r.fetch(angka.rekap, periode)).opd if one.opd_kode == opd_kode), None
    )
    if found is None or totals is None:
        raise NotFound(
            f"OPD ini belum punya hasil perhitungan TPP {periode.tampil()} yang dapat Anda lihat.",
            remedy="Lihat daftar OPD pada halaman persetujuan.",
        )
    return page(
        r,
        "penetapan/lihat.html",
        status=problem.status if problem else 200,
        kembali=forms.get("kembali", Form.blank()),
        jawab=forms.get("jawab", Form.blank()),
        batal=forms.get("batal", Form.blank()),
        sisa=forms.get("sisa", Form.blank()),
        periksa=await r.fetch(pemeriksaan.pemeriksaan, periode, opd_kode, selisih(r)),
        boleh_tanggapi=found.keadaan != "dikunci" and _dapat(r.principal, found, "tanggapi"),
        boleh_batal=found.keadaan == "dikunci"
        and found.pembatalan is None
        and (totals.dibayar + found.ditarik < found.item or not found.item)
        and _dapat(r.principal, found, "batalkan"),
        boleh_serahkan=found.dapat_diserahkan and _dapat(r.principal, found, "serahkan-sisa"),
        boleh_ingatkan=_dapat(r.principal, found, "ingatkan"),
        diingatkan=await r.fetch(ingatkan.sudah, periode, opd_kode, found.keadaan, r.zone),
        opd=found,
        periode=periode,
        jumlah=totals,
        berikutnya=_berikutnya(r.principal, found),
        boleh_kembali=found.keadaan in ("diverifikasi", "disetujui")
        and _dapat(r.principal, found, "kembalikan"),
        hitung=(await r.fetch(perhitungan.status, periode)).keadaan,
    )


def _berikutnya(who: Principal, opd: queries.PenetapanOpd) -> Berikutnya | None:
    tindakan = next((name for name, tahap in rules.TAHAP.items() if tahap.dari == opd.keadaan), None)
    if tindakan is None:
        return None
    kata, siapa, _ = _KATA[tindakan]
    earlier = (opd.diverifikasi_oleh, opd.disetujui_oleh)
    return Berikutnya(tindakan, kata, siapa, _dapat(who, opd, tindakan), who.pegawai_id in earlier)


def _dapat(who: Principal, opd: queries.PenetapanOpd, tindakan: str) -> bool:
    """Whether the table lets this person take a decision on this OPD."""
    return Guard(AUTHZ["POST", _API + tindakan], who).reaches(Subject(unit_path=opd.opd_path))
