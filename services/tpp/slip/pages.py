"""Pages of one's TPP: months, and one month with every rupiah explained."""

from itertools import accumulate
from uuid import UUID

from fastapi import Response

from services.tpp.andai.saya import bulan_berjalan, khusus_saya
from services.tpp.authz import AUTHZ
from services.tpp.keberatan import queries as keberatan
from services.tpp.perhitungan import queries
from services.tpp.perhitungan.dasar import KelompokData
from services.tpp.rekening import queries as rekening
from services.tpp.slip import ingatkan
from shared.http import Read, Write
from shared.http.params import MasaPath
from shared.period import MasaBayar
from shared.web import nudged, page, pages

halaman = pages("/tpp", "slip")

_KEBERATAN = 20
_LIHAT = {
    "penilaian": "Lihat penilaiannya",
    "kehadiran": "Lihat hari demi hari",
    "surat": "Lihat surat saya",
}
"""What a link to one's own data is called."""


@halaman.get("/saya")
async def saya(r: Read) -> Response:
    """TPP saya tiap bulan."""
    found = (await r.fetch(queries.bulan_saya)).data
    # A month that is computed already has nothing left that could change it.
    now = await r.fetch(bulan_berjalan)
    kini = None if any(one.periode == now and not one.sementara for one in found) else now
    objections = (await r.fetch(keberatan.saya, None, _KEBERATAN)).data
    account = await r.fetch(rekening.saya_tersamar, r.request.app.state.brankas)
    return page(
        r,
        "slip/saya.html",
        bulan=found,
        kini=kini,
        khusus=(await r.fetch(khusus_saya)).data,
        keberatan=objections,
        rekening=account,
    )


@halaman.get("/saya/{periode}")
async def slip_saya(r: Read, periode: MasaPath) -> Response:
    """Slip TPP saya."""
    month = MasaBayar.parse(periode)
    slip = await r.fetch(queries.slip_saya, month)
    zone = r.zone
    return await _slip(r, slip, await r.fetch(ingatkan.daftar, month, zone))


@halaman.post("/saya/{periode}/ingatkan/{kode}")
async def ingatkan_satu(w: Write, periode: MasaPath, kode: str) -> Response:
    """Ingatkan siapa yang membuat TPP saya menunggu."""
    zone = w.zone
    return await nudged(w, f"/tpp/saya/{periode}", ingatkan.milik_saya, MasaBayar.parse(periode), kode, zone)


@halaman.get("/slip/{periode}/{pegawai_id}")
async def slip_pegawai(r: Read, periode: MasaPath, pegawai_id: UUID) -> Response:
    """Slip TPP orang lain; pembacaannya tercatat."""
    return await _slip(r, await r.fetch(queries.slip, MasaBayar.parse(periode), pegawai_id), None)


async def _slip(r: Read, slip: queries.Slip, tunggu: list[ingatkan.Tunggu] | None) -> Response:
    failed = [slip.pegawai_id] if slip.pembayaran and slip.pembayaran.tindak else []
    rule = AUTHZ["GET", "/tpp/rekening/{pegawai_id}"]
    opened = await r.fetch(rekening.dapat_dibuka, rule, failed) if failed else set()
    return page(
        r,
        "slip/slip.html",
        slip=slip,
        tunggu=tunggu,
        pemilik=ingatkan.PEMILIK,
        boleh_rekening=bool(opened),
        baris=list(zip(slip.baris, accumulate(line.jumlah for line in slip.baris), strict=True)),
        zona=r.zone,
        peristiwa=_peristiwa(slip),
        judul_data={one.nama: one.judul for group in slip.dasar for one in group.data},
        tautan={group.kode: _tautan(slip, group) if tunggu is not None else "" for group in slip.dasar},
        lihat=_LIHAT,
        bulan_lain=("/tpp/saya/", "") if tunggu is not None else ("/tpp/slip/", f"/{slip.pegawai_id}"),
    )


def _peristiwa(slip: queries.Slip) -> list[tuple[str, str]]:
    """Of each group the events that its data came by, once each."""
    found = []
    for group in slip.dasar:
        sources = [*group.asal, *(source for one in group.data for source in one.asal)]
        if names := dict.fromkeys(source.peristiwa for source in sources if source.peristiwa):
            found.append((group.judul, "; ".join(names)))
    return found


def _tautan(slip: queries.Slip, group: KelompokData) -> str:
    """Where somebody sees these data of their own; empty where there is nothing to see."""
    match group.tujuan:
        case "penilaian" if group.bulan:
            return f"/penilaian/pegawai/{group.bulan}/{slip.pegawai_id}"
        case "kehadiran" if group.bulan:
            return f"/tpp/kehadiran/{group.bulan}"
        case "surat":
            return "/tpp/surat/saya"
    return ""
