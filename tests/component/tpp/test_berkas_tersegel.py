"""Files of pay (salaries, PTKP, taxes) wait sealed until they are confirmed, as those of accounts do."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.tpp.authz import AUTHZ
from services.tpp.bulanan.pages import IMPOR_BULANAN
from services.tpp.fakta.halaman import IMPOR_FAKTA
from services.tpp.kehadiran.impor import KEHADIRAN
from services.tpp.rekening.impor import REKENING
from shared.brankas import Brankas
from shared.runtime.imports import work
from shared.web.routes import KEY
from tests.component.tpp.dunia import ADMIN, ANI, BUDI, BULAN, CICI, NIP_DARI, Dunia, csv, kebijakan
from tests.component.tpp.test_rekening_halaman import tersimpan

KINDS = {one.name: one for one in (KEHADIRAN, REKENING, *IMPOR_FAKTA, *IMPOR_BULANAN)}
HTML = {"Accept": "text/html"}
GAJI, BRUTO, PENGURANG, PAJAK = "7654321", "87.654.321", "3.456.789", "6.543.217"
Baris = tuple[object, ...]

# Each kind: its header, a good row, a faulty one, one whose columns are shifted; what must never be read;
# where it lies once taken in, and as what.
BERKAS: dict[str, tuple[Baris, Baris, Baris, Baris, tuple[str, ...], str, str]] = {
    "gaji": (
        ("nip", "gaji", "mulai"),
        (NIP_DARI[ANI], GAJI, "2026-10-01"),
        (NIP_DARI[BUDI], "7.654.322,5", "31-02-2026"),
        ("7.654.323", NIP_DARI[CICI], "2026-10-01"),
        (GAJI, "7.654.322", "7654322", "7.654.323", "7654323"),
        "SELECT gaji::text FROM gaji WHERE gaji = 7654321",
        "7654321",
    ),
    "ptkp": (
        ("nip", "ptkp", "mulai"),
        (NIP_DARI[ANI], " k-3 ", "2026-01-01"),
        (NIP_DARI[BUDI], "K/9", "2026-01-01"),
        ("K/2", NIP_DARI[CICI], "2026-01-01"),
        (" k-3 ", "k-3"),
        "SELECT ptkp FROM ptkp",
        "K/3",
    ),
    "saldo-pajak": (
        ("nip", "sampai bulan", "bruto", "pengurang", "pajak"),
        (NIP_DARI[ANI], "2026-09", BRUTO, PENGURANG, PAJAK),
        (NIP_DARI[BUDI], "2026-12", "-87.654.322", PENGURANG, PAJAK),
        (BRUTO, NIP_DARI[CICI], "2026-09", PENGURANG, PAJAK),
        (BRUTO, PENGURANG, PAJAK, "87.654.322"),
        "SELECT pajak::text FROM saldo_pajak",
        "6543217",
    ),
    "pajak-luar": (
        ("nip", "pajak"),
        (NIP_DARI[ANI], PAJAK),
        (NIP_DARI[BUDI], "-6.543.218"),
        ("6.543.219", NIP_DARI[CICI]),
        (PAJAK, "6.543.218", "6.543.219"),
        "SELECT nilai::text FROM fakta_bulanan WHERE nama = 'pajak_luar'",
        "6543217",
    ),
    "fakta-daerah": (
        ("nip", "fakta", "nilai", "bulan"),
        (NIP_DARI[ANI], "nilai_perilaku", "87,6543%", BULAN),
        (NIP_DARI[BUDI], "nilai_perilaku", "187,6544%", BULAN),
        ("87,6545%", "nilai_perilaku", NIP_DARI[CICI], BULAN),
        ("87,6543", "187,6544"),
        "SELECT nilai FROM fakta_daerah",
        "87,6543%",
    ),
    "zakat": (
        ("nip", "zakat", "mulai"),
        (NIP_DARI[ANI], " Ya ", "2026-10-01"),
        (NIP_DARI[BUDI], "kadang-kadang", "2026-10-01"),
        ("tidak", NIP_DARI[CICI], "2026-10-01"),
        (),
        "SELECT nilai FROM fakta_daerah",
        "ya",
    ),
    "potongan": (
        ("nip", "potongan", "jumlah", "mulai"),
        (NIP_DARI[ANI], "koperasi", PAJAK, "2026-10-01"),
        (NIP_DARI[BUDI], "koperasi", "-6.543.218", "2026-10-01"),
        ("6.543.219", "koperasi", NIP_DARI[CICI], "2026-10-01"),
        (PAJAK, "6.543.218", "6.543.219"),
        "SELECT nilai FROM fakta_daerah",
        "Rp 6.543.217",
    ),
}


def test_a_kind_with_a_secret_column_waits_sealed_and_no_other() -> None:
    assert {name for name, kind in KINDS.items() if kind.brankas} == {"rekening", *BERKAS}


async def unggah(dunia: Dunia, jenis: str, *rows: Baris, who: UUID = ADMIN, peran: str = "admin_bkd") -> Any:
    return await dunia.tpp.client.post(
        f"/tpp/impor/{jenis}",
        data={KEY: str(uuid4()), "periode": BULAN},
        files={"berkas": ("isi.csv", csv(*rows))},
        headers=dunia.tpp.kepala(who, peran) | HTML,
    )


async def kerjakan(dunia: Dunia, brankas: Brankas | None = None) -> None:
    resources = dunia.tpp.running.resources | ({"brankas": brankas} if brankas else {})
    while await work(dunia.tpp.database, KINDS, resources):
        pass


@pytest.mark.parametrize("jenis", BERKAS)
async def test_from_upload_to_confirmation_nothing_of_it_can_be_read_in_the_database(
    dunia: Dunia, jenis: str, capfd: pytest.CaptureFixture[str]
) -> None:
    kepala, baik, salah, bergeser, rahasia, sekarang, disimpan = BERKAS[jenis]

    async def nothing_tells() -> None:
        for name, text in (await tersimpan(dunia)).items():
            for secret in rahasia:
                for form in (secret, secret.encode().hex()):
                    assert form not in text, (name, secret)

    anonymous = await dunia.tpp.client.get(f"/tpp/impor/{jenis}", headers=HTML)
    assert anonymous.headers["Location"].startswith("/masuk")
    # What a fact may be called and say stands in a policy.
    await dunia.kebijakan(kebijakan("aplikasi-2026"))
    await dunia.kebijakan(kebijakan("jawa-barat"))
    may = {grant.peran for grant in AUTHZ["POST", f"/tpp/impor/{jenis}"].grants}
    for peran in {"pengelola", "keuangan_opd", "auditor", "pimpinan", "sysadmin"} - may:
        assert (await unggah(dunia, jenis, kepala, baik, who=BUDI, peran=peran)).status_code == 403, peran

    await nothing_tells()
    sent = await unggah(dunia, jenis, kepala, baik, salah, bergeser)
    held = (await dunia.tpp.baris("SELECT isi, kunci, ukuran FROM kernel.import"))[0]
    assert held["kunci"]
    assert len(held["isi"]) > held["ukuran"] > 0
    await nothing_tells()
    await kerjakan(dunia)
    path, headers = sent.headers["Location"], dunia.tpp.kepala(ADMIN, "admin_bkd") | HTML
    page = (await dunia.tpp.client.get(path, headers=headers)).text
    faults = (await dunia.tpp.client.get(f"{path}/kesalahan.csv", headers=headers)).text
    assert "kesalahan ditemukan" in page
    for secret in rahasia:
        assert secret not in page + faults
    await nothing_tells()

    form = {KEY: str(uuid4()), "lewati_salah": "ya"}
    await dunia.tpp.client.post(f"{path}/simpan", data=form, headers=headers)
    await kerjakan(dunia)
    assert "Isi berkas sudah disimpan." in (await dunia.tpp.client.get(path, headers=headers)).text
    assert await dunia.tpp.nilai("SELECT isi FROM kernel.import") is None
    assert await dunia.tpp.nilai(sekarang) == disimpan
    out, err = capfd.readouterr()
    assert not [secret for secret in rahasia if secret in out + err]


async def test_days_of_a_faulty_row_are_shown_and_numbers_are_not(dunia: Dunia) -> None:
    kepala, _, salah, bergeser, *_ = BERKAS["gaji"]
    sent = await unggah(dunia, "gaji", kepala, salah, bergeser)
    await kerjakan(dunia)
    path, headers = sent.headers["Location"], dunia.tpp.kepala(ADMIN, "admin_bkd") | HTML
    page = (await dunia.tpp.client.get(path, headers=headers)).text
    assert "31-02-2026" in page
    assert "•••••••22,5" in page
    assert "•••••.323" in page
    # The NIP that slipped into the column of salaries is masked there as a salary would be.
    assert NIP_DARI[CICI] not in page


async def test_a_salary_file_whose_key_is_gone_says_so_and_is_given_up(dunia: Dunia, tmp_path: Any) -> None:
    kepala, baik, *_ = BERKAS["gaji"]
    sent = await unggah(dunia, "gaji", kepala, baik)
    await kerjakan(dunia, Brankas(tmp_path / "lain.key.json"))
    headers = dunia.tpp.kepala(ADMIN, "admin_bkd") | HTML
    page = (await dunia.tpp.client.get(sent.headers["Location"], headers=headers)).text
    assert "kunci segelnya tidak ada" in page
    assert await dunia.tpp.nilai("SELECT isi FROM kernel.import") is None
