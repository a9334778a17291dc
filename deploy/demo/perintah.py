"""What the demo does by command, as an operator or an outside system would."""

import os
import subprocess
import sys
from importlib.resources import files


def buat_admin(nip: str, nama: str) -> str:
    """Make the first administrator with the operator's command; the activation code it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "services", "admin", "buat", nip, nama],
        capture_output=True,
        text=True,
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
