"""Before anything is installed: does this machine have what set-up needs? Names what lacks and how to get it.

Runs with any Python from 3.6 on, so that one that is too old can say so.
"""

import os
import shutil
import sys

MINIMUM = (3, 11)
TOO_NEW = (3, 14)
NEEDED_GB = 3


def main() -> int:
    """Exit with 1 and a list of what is missing, or quietly with 0."""
    missing = []
    if not MINIMUM <= sys.version_info[:2] < TOO_NEW:
        missing.append(
            "Python 3.11 sampai 3.13 (yang ada: {}.{}). Pasang, lalu: make PYTHON=python3.12".format(
                *sys.version_info[:2]
            )
        )
    else:
        try:
            import ensurepip  # noqa: F401
            import venv  # noqa: F401
        except ImportError:
            missing.append("modul venv. Debian/Ubuntu: apt install python3-venv")
    free = shutil.disk_usage(".").free / 1e9
    if free < NEEDED_GB:
        missing.append(f"ruang simpan {NEEDED_GB} GB (tersisa {free:.1f} GB). Kosongkan dahulu.")
    if not os.access(".", os.W_OK):
        missing.append("hak tulis pada folder ini. Pindahkan salinan ke folder milik Anda.")
    if os.name != "posix":
        missing.append("Linux atau macOS. Pada Windows, pakai WSL.")
    for item in missing:
        sys.stderr.write(f"Belum ada: {item}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
