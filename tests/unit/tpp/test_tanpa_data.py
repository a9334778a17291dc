"""Which policies let a month wait for working days without a record, and what others make of them."""

from collections.abc import Callable
from typing import Any

import yaml

from services.tpp.kebijakan.model import Kebijakan
from services.tpp.kebijakan.program import menunggu_data
from services.tpp.kebijakan.reader import baca
from services.tpp.perhitungan import engine
from services.tpp.perhitungan.rules import Kehadiran, Masukan, baca_masukan, tulis_masukan
from shared.period import Period
from tests.unit.tpp.strategi import CONTOH

OKTOBER = Period(2026, 10)
TEXT = (CONTOH / "umum-60-40.yaml").read_text(encoding="utf-8")
HARIAN = {
    "terlambat_potong", "pulang_cepat_potong", "tidak_hadir", "tanpa_absen_masuk",
    "tanpa_absen_pulang", "batas_disiplin",
}  # fmt: skip


def orang(tanpa_data: int) -> Masukan:
    hadir = Kehadiran(20 - tanpa_data, 1, 1, (12,), (), 0, 0, hari_tanpa_data=tanpa_data)
    return Masukan(OKTOBER, 9, "PNS", "III/b", None, True, 2, hadir, 4_000_000)


def dengan(change: Callable[[dict[str, Any]], None]) -> Kebijakan:
    data = yaml.safe_load(TEXT)
    change(data)
    return baca(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))


def langkah(data: dict[str, Any], kode: str) -> dict[str, Any]:
    found: dict[str, Any] = next(step for step in data["langkah"] if step["kode"] == kode)
    return found


def tanpa_kehadiran(data: dict[str, Any]) -> None:
    gone = HARIAN | {"pita_terlambat", "pita_pulang_cepat"}
    data["langkah"] = [step for step in data["langkah"] if step["kode"] not in gone]
    data["tabel"] = {kode: table for kode, table in data["tabel"].items() if kode not in gone}
    data["penahanan"] = [one for one in data["penahanan"] if one["kode"] != "kehadiran_belum_ada"]
    langkah(data, "disiplin")["kalimat"] = "Bagian disiplin {bagian_disiplin}"
    for one in data["sumber"]:
        if isinstance(one["bagian"], list):
            one["bagian"] = [part for part in one["bagian"] if part not in gone]
    data["uji"] = [{"nama": "Biasa", "masukan": data["uji"][0]["masukan"], "harap": {"ditahan": []}}]


def test_a_policy_that_counts_days_waits_for_those_without_a_record() -> None:
    kebijakan = baca(TEXT)
    assert menunggu_data(engine.penafsir(kebijakan, OKTOBER).program)
    hitung = engine.compile(kebijakan)
    assert hitung(orang(0)).status == "dihitung"
    held = hitung(orang(3))
    (reason,) = held.alasan
    assert (held.status, reason.kode, reason.pemilik) == ("ditahan", "hari_tanpa_data", "pengelola_kinerja")
    assert reason.kalimat.startswith("Kehadiran 3 hari kerja Oktober 2026 belum tercatat")
    # Whichever way the figure is found, and beside whatever else is missing.
    both = hitung(orang(3)._replace(predikat=None))
    assert {one.kode for one in both.alasan} == {"hari_tanpa_data", "predikat_belum_ada"}
    assert engine.penafsir(kebijakan, OKTOBER).hitung(orang(3)).hasil == held


def test_one_that_says_how_they_count_pays() -> None:
    def seperti_mangkir(data: dict[str, Any]) -> None:
        langkah(data, "tidak_hadir")["kali"] = "tanpa_keterangan + hari_tanpa_data"

    kebijakan = dengan(seperti_mangkir)
    assert not menunggu_data(engine.penafsir(kebijakan, OKTOBER).program)
    hitung = engine.compile(kebijakan)
    three, four = hitung(orang(2)), hitung(orang(3))
    assert three.status == four.status == "dihitung"
    assert three.bruto > four.bruto
    told = {one.kode: one.kalimat for one in engine.jelaskan(kebijakan, four, orang(3))}
    assert told["tidak_hadir"].startswith("Tidak hadir tanpa keterangan 4 hari")


def test_a_hold_of_its_own_stands_in_place_of_the_usual_one() -> None:
    def lebih_dari_satu(data: dict[str, Any]) -> None:
        hold = {"kode": "data_kurang", "bila": "hari_tanpa_data > 1 hari", "kalimat": "Kehadiran kurang"}
        hold |= {"pemilik": "admin_bkd", "pasal": "Perkada pasal 9"}
        data["penahanan"].append(hold)

    kebijakan = dengan(lebih_dari_satu)
    assert not menunggu_data(engine.penafsir(kebijakan, OKTOBER).program)
    hitung = engine.compile(kebijakan)
    assert hitung(orang(1)).status == "dihitung"
    assert [(one.kode, one.pasal) for one in hitung(orang(2)).alasan] == [("data_kurang", "Perkada pasal 9")]


def test_one_without_attendance_asks_nothing() -> None:
    hitung = engine.compile(dengan(tanpa_kehadiran))
    assert hitung(orang(9)) == hitung(orang(0))
    assert hitung(orang(9)._replace(kehadiran=None)).status == "dihitung"


def test_what_nobody_lacks_is_written_as_before() -> None:
    assert "hari_tanpa_data" not in tulis_masukan(orang(0))
    assert baca_masukan(tulis_masukan(orang(2))) == orang(2)
    assert baca_masukan(tulis_masukan(orang(0))) == orang(0)
