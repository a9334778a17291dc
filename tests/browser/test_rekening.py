"""Accounts: a file with faults, corrected; the list; one person's after a click; one's own on a phone."""

from datetime import date
from uuid import UUID

from deploy.demo.klien import tunggu
from deploy.demo.perintah import ADMIN_NIP
from shared.auth.guard import Principal
from shared.auth.token import Signer
from tests.browser.conftest import Visit
from tests.browser.panduan import DESK
from tests.browser.test_admin import soon, upload
from tests.browser.test_realisasi import enter, to
from tests.component.helpers import buku
from tests.dunia import Dunia

_BERKAS = "rekening-pegawai-baru.csv"
BARU = ("198907072015021301", "199003032015022302")
"""Two people who come to the first OPD today, without accounts."""
KEPALA = "nip;nama;kode bank;bank;nomor rekening;npwp;nik;ptkp;alamat"
NOMOR = ("0071234567890", "0079998887770")
NPWP = "3171010101890001"
_NAMA = "Raden Ajeng Siti Nurhaliza Rahmawati Puspitasari Kusumaningrum"


def baris(n: int, nomor: str, npwp: str = NPWP) -> str:
    return f"{BARU[n]};{_NAMA};014;Bank Pembangunan Daerah Contoh;{nomor};{npwp};{NPWP};K/1;Jalan Melati 1"


def isi(*rows: str) -> bytes:
    return "\n".join((KEPALA, *rows)).encode()


async def datang(dunia: Dunia) -> dict[str, str]:
    """The two arrive; their ids by NIP, once tpp knows them."""
    opd = next(iter(dunia.bulan.pejabat.keuangan))
    place = next(
        one
        for orang in dunia.pemda.orang
        if orang.opd == opd and (one := dunia.pemda.jabatan[orang.jabatan]).jenis == "Pelaksana"
    )
    isi = buku(
        {
            "Jabatan": [
                ["kode", "nama", "jenis", "kelas", "unit", "atasan"],
                *(
                    [f"BARU-{n}", "Penata Layanan", "Pelaksana", "6", place.unit, place.atasan]
                    for n in (0, 1)
                ),
            ],
            "Pegawai": [
                ["nip", "nama", "status", "golongan", "email"],
                *(
                    [nip, f"{_NAMA} {n}", "PNS", "II/c", f"baru{n}@contoh.go.id"]
                    for n, nip in enumerate(BARU)
                ),
            ],
            "Penempatan": [
                ["nip", "jabatan", "mulai", "sebagai"],
                *([nip, f"BARU-{n}", date.today().isoformat(), "definitif"] for n, nip in enumerate(BARU)),
            ],
        }
    )
    told = await dunia.klien.kirim(
        ADMIN_NIP, "baru", "POST", "/api/skp/impor/organisasi", isi=isi, berkas="baru.xlsx"
    )
    assert told["diterapkan"], told
    bpkad = dunia.bulan.pejabat.bpkad

    async def known() -> dict[str, str] | None:
        rows = await dunia.klien.semua(bpkad, "/api/tpp/rekening", belum="true")
        found = {str(row["nip"]): str(row["pegawai_id"]) for row in rows if row["nip"] in BARU}
        return found if len(found) == len(BARU) else None

    ids: dict[str, str] = await tunggu("tpp mengenal yang baru datang", known)
    signer = Signer(dunia.home / "keys")
    for nip, pegawai_id in ids.items():
        dunia.klien._tokens[nip], _ = signer.issue(Principal(UUID(pegawai_id), nip, (), 1))
    return ids


def test_accounts_from_a_faulty_file_to_ones_own_page(visit: Visit, dunia: Dunia) -> None:
    ids = dunia.jalankan(datang(dunia))
    with visit("pegawai", allow=("403",)) as who:
        who.open("/tpp/rekening", 403)
        who.open("/tpp/impor/rekening", 403)
    with visit(BARU[1], width=360) as who:
        who.open("/tpp/saya")
        who.press("Rekening saya")
        who.sees("Rekening Anda belum tercatat.")
        who.check("rekening-saya-belum")
        who.press("Ingatkan Keuangan OPD")
        who.sees("Keuangan OPD sudah diingatkan.")
    with visit("bpkad") as who:
        who.open("/tpp/rekening")
        who.page.locator("summary", has_text="Menurut OPD").click()
        who.check("rekening-bpkad")
        who.page.get_by_role("button", name="Ingatkan").first.click()
        who.sees("Keuangan OPD sudah diingatkan.")
    with visit("keuangan", allow=("422",)) as who:
        who.open("/tpp/rekening")
        who.sees("pegawai belum punya rekening.")
        who.gambar("keuangan-rekening", width=DESK)
        to(who, "Impor rekening")
        enter(who)
        assert who.page.url.endswith("/tpp/impor/rekening")
        who.check("rekening-impor")
        with who.page.expect_download() as waiting:
            who.page.get_by_role("link", name="Unduh templat kosong").click()
        assert waiting.value.suggested_filename == "templat-rekening.xlsx"
        upload(who, _BERKAS, isi(baris(0, NOMOR[0], "31710101018"), baris(1, "7,9E+11")))
        soon(who, "2 kesalahan ditemukan. Belum ada yang disimpan.")
        assert NOMOR[0] not in who.page.content()
        assert "31710101018" not in who.page.content()
        who.check("rekening-salah")
        who.press("Unggah berkas lain")
        upload(who, _BERKAS, isi(baris(0, NOMOR[0]), baris(1, NOMOR[1])))
        soon(who, "Semua baris benar. Belum ada yang disimpan.")
        who.press("Simpan semua baris")
        soon(who, "Isi berkas sudah disimpan.")
        who.open(f"/tpp/rekening?belum=ya&cari={BARU[0]}")
        who.sees("Tidak ada pegawai yang cocok.")
        who.check("rekening-kosong")
        # To the person and their whole account by keyboard alone.
        who.open(f"/tpp/rekening?cari={BARU[0]}")
        who.check("rekening-daftar")
        who.page.locator("tbody [data-judul='Pegawai'] a").focus()
        enter(who)
        who.check("rekening-satu")
        assert NOMOR[0] not in who.page.content()
        to(who, "Tampilkan lengkap")
        enter(who)
        who.sees(NOMOR[0])
        who.sees("Pembacaan ini tercatat dengan nama Anda.")
        who.check("rekening-lengkap")
    with visit("auditor", width=360, allow=("403",)) as who:
        who.open("/tpp/rekening")
        assert who.page.locator("[data-judul='Pegawai'] a").count() == 0
        who.check("rekening-auditor")
        who.open(f"/tpp/rekening/{ids[BARU[0]]}", 403)
    with visit("pegawai", width=360) as who:
        who.open("/tpp/saya")
        who.check("tpp-saya-rekening")
        who.press("Rekening saya")
        who.check("rekening-saya")
        who.gambar("pegawai-rekening")
        who.press("Ingatkan: rekening saya keliru")
        who.sees("Keuangan OPD sudah diingatkan.")
        kept = who.page.evaluate(
            "async () => (await Promise.all((await caches.keys()).map(async (one) =>"
            " (await (await caches.open(one)).keys()).map((kept) => kept.url)))).flat()"
        )
        assert not [one for one in kept if "/tpp/" in one]
