"""Key files: made at first start by whichever process comes first, readable by their owner alone."""

import os
from pathlib import Path


def buat_bila_belum_ada(path: Path, text: str) -> str:
    """What the file holds afterwards: this text, or what another process wrote before us; never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}-{os.urandom(4).hex()}.tmp")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
