"""The month of a pemda, from spreadsheets to payment, as the newcomer's command plays it."""

import hashlib
import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from deploy.demo.hasil import kumpulkan
from deploy.demo.klien import Ditolak
from deploy.demo.mainkan import terhenti
from deploy.demo.perintah import ADMIN_NIP
from shared.contracts.catalogue import TOPICS
from shared.contracts.keamanan import KEAMANAN
from shared.contracts.kehadiran import KEHADIRAN
from tests.dunia import PILIHAN, Dunia


def test_everyone_is_paid_or_held_and_every_rupiah_is_checked(dunia: Dunia) -> None:
    hasil = dunia.hasil
    assert hasil["oracle_equal"] is True
    assert hasil["pegawai"] == PILIHAN["pegawai"]
    assert hasil["dibayar"] + hasil["ditahan"] == hasil["pegawai"]
    assert hasil["dibayar"] > 0
    assert hasil["ditahan"] > 0, "pimpinan tertinggi belum dinilai, jadi ditahan"
    assert int(hasil["total_rupiah"]) > 0
    assert set(hasil["events"]) == {topic.name for topic in TOPICS}
    # Nobody logs out during the month, and attendance comes in files.
    assert {topic for topic, count in hasil["events"].items() if not count} == {KEAMANAN.name, KEHADIRAN.name}


def test_what_was_printed_is_what_the_api_says(dunia: Dunia) -> None:
    again = dunia.jalankan(kumpulkan(dunia.bulan, None, ""))
    assert again.sha256 == dunia.hasil["sha256"]
    assert again.selisih == []
    lines = sorted(
        f"{r['nip']}|2026-10|{r['status']}|{r['bruto']}|{r['potongan']}|{r['neto']}\n" for r in again.daftar
    )
    assert hashlib.sha256("".join(lines).encode()).hexdigest() == again.sha256


def test_the_slip_adds_up_and_names_an_article_for_every_line(dunia: Dunia) -> None:
    slip = dunia.jalankan(kumpulkan(dunia.bulan, None, "")).slip
    assert sum(int(line["jumlah"]) for line in slip["baris"]) == int(slip["neto"])
    for line in slip["baris"]:
        assert line["nama"]
        assert line["kalimat"]
        assert line["pasal"]


def _di_mesin(dunia: Dunia, *perintah: str) -> "subprocess.CompletedProcess[str]":
    """A command as the operator of one box gives it: what runs is found by its home."""
    return subprocess.run(
        [sys.executable, "-m", "services", *perintah],
        env={"EKINERJA_HOME": str(dunia.home), "PATH": "", "COLUMNS": "300"},
        capture_output=True,
        text=True,
    )


def test_the_operator_sees_one_slip(dunia: Dunia) -> None:
    slip = dunia.jalankan(kumpulkan(dunia.bulan, None, "")).slip
    done = _di_mesin(dunia, "tpp", "jelaskan", slip["nip"], "2026-10")
    assert done.returncode == 0, done.stdout + done.stderr
    for line in slip["baris"]:
        assert line["nama"] in done.stdout
        assert line["pasal"] in done.stdout
    elsewhere = _di_mesin(dunia, "tpp", "jelaskan", slip["nip"], "2026-09")
    assert elsewhere.returncode == 1
    assert "2026" in elsewhere.stderr
    assert "Traceback" not in elsewhere.stderr


def test_files_of_the_month_hold_everybody_with_an_account(dunia: Dunia, tmp_path: Path) -> None:
    for kode in ("bank", "sipd-tpp", "nominatif", "nominatif-csv"):
        made = tmp_path / kode
        done = _di_mesin(dunia, "tpp", "berkas", "2026-10", kode, "--keluaran", str(made))
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"{dunia.hasil['dibayar']} orang" in done.stdout
        assert made.stat().st_mode & 0o077 == 0


def test_the_audit_trail_is_whole(dunia: Dunia) -> None:
    done = _di_mesin(dunia, "audit", "verify")
    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("skp", "assessment", "tpp"):
        assert f"{name}:" in done.stdout
    assert "RUSAK" not in done.stdout


def test_no_dead_letters_remain(dunia: Dunia) -> None:
    for name in ("skp", "assessment", "tpp", "notification"):
        done = _di_mesin(dunia, "dlq", "list", name)
        assert "Tidak ada surat mati" in done.stdout, done.stdout + done.stderr


def test_logs_hold_no_password_and_no_token(dunia: Dunia) -> None:
    text = "".join(path.read_text(errors="replace") for path in (dunia.home / "logs").glob("*.log"))
    assert text
    secrets = json.loads((dunia.home / "secrets.json").read_text())
    words = [
        value for group in secrets.values() for value in (group.values() if isinstance(group, dict) else [])
    ]
    for nip in [orang.nip for orang in dunia.pemda.orang]:
        words.append(dunia.klien.kata_sandi(nip))
        words.append(dunia.token(nip))
    for word in words:
        assert not (isinstance(word, str) and len(word) > 12 and word in text)


def test_the_payroll_example_fed_again_from_the_start_pays_nobody_twice(dunia: Dunia, tmp_path: Path) -> None:
    environment = dunia.platform.environment()
    script = Path(__file__).resolve().parents[2] / "deploy" / "examples" / "payroll" / "payroll.py"
    before = dunia.jalankan(kumpulkan(dunia.bulan, None, ""))
    for _ in range(2):
        done = subprocess.run(
            [
                sys.executable,
                str(script),
                "--once",
                "--from-start",
                "--kunci",
                str(dunia.home / "keys" / "payroll.jwks.json"),
                "--data",
                str(dunia.home / "payroll-contoh.sqlite"),
            ],
            env={**environment, "PATH": ""},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
    after = dunia.jalankan(kumpulkan(dunia.bulan, None, ""))
    assert after.daftar == before.daftar
    assert after.rekap == before.rekap


def test_another_versions_month_is_known_by_its_keys(dunia: Dunia) -> None:
    """A later `ekinerja demo` whose example has changed is refused before anything is done twice."""
    policy = files("services.tpp.kebijakan") / "contoh" / f"{PILIHAN['kebijakan']}.yaml"
    isi = policy.read_bytes() + b"# lain\n"
    with pytest.raises(Ditolak) as refused:
        dunia.jalankan(dunia.klien.kirim(ADMIN_NIP, "kebijakan", "POST", "/api/tpp/kebijakan", isi=isi))
    assert refused.value.berbeda
    assert "ekinerja up" in str(terhenti(refused.value, "di sini"))
