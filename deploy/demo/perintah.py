"""What happens beside the public API: the operator makes the first administrator, an outside payroll pays."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

ADMIN_NIP = "197001011990011001"
ADMIN_NAMA = "Admin BKD"


@dataclass(frozen=True, slots=True)
class Operator:
    """Who does these things for a run of the demo.

    `kode_admin` gives the activation code of the first administrator, or None when that person is known to
    have a password already; `bayar` lets the payroll work on what is there.
    """

    kode_admin: Callable[[], str | None]
    bayar: Callable[[], None]


def di_sini() -> Operator:
    """By command on this machine, with the environment of its installation."""
    return Operator(lambda: buat_admin(ADMIN_NIP, ADMIN_NAMA), payroll)


def di_tempat_lain(kode: str | None) -> Operator:
    """Somebody there made the administrator and handed out this code; the payroll runs there by itself."""
    return Operator(lambda: kode, lambda: None)


def buat_admin(nip: str, nama: str) -> str:
    """Make the first administrator with the operator's command; the activation code it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "services", "admin", "buat", nip, nama],
        capture_output=True,
        text=True,
        # The code alone, whatever this terminal was told about colours.
        env={
            name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "TTY_COMPATIBLE")
        },
    )
    if done.returncode != 0:
        raise RuntimeError(f"admin pertama tidak dapat dibuat: {done.stderr[-2000:]}")
    return done.stdout.split(":")[-1].strip()


def payroll() -> None:
    """Run the example payroll until it has handled what is there. It knows the published contract only."""
    script = files("deploy") / "examples" / "payroll" / "payroll.py"
    home = os.environ["EKINERJA_HOME"]
    keys = os.path.join(home, "keys", "payroll.jwks.json")
    data = os.path.join(home, "payroll-contoh.sqlite")
    done = subprocess.run(
        [sys.executable, str(script), "--once", "--kunci", keys, "--data", data],
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"contoh payroll berhenti: {done.stderr[-2000:]}")
