"""What makes the site an app on a phone: icons, manifest and service worker, made when assets are built."""

import hashlib
import json
import re

import resvg_py

SOURCE = "favicon.svg"
WORKER = "sw.js"
MANIFEST = "aplikasi.webmanifest"
ICONS = {"ikon-192.png": 192, "ikon-512.png": 512, "ikon-apple.png": 180, "ikon-penuh-512.png": 512}
"""PNG icons by name, with their edge in pixels."""

# What these show is cut to a circle or drawn on a tile: colour to the edge, the drawing in the middle 80%.
_FULL = ("ikon-apple.png", "ikon-penuh-512.png")
_COLOUR = "#0b5a8f"
_SVG = re.compile(r"(<svg[^>]*>)(<rect[^>]*/>)(.*)</svg>", re.DOTALL)


def icons(svg: str) -> dict[str, bytes]:
    """The PNG icons of an SVG whose first shape is its background."""
    found = _SVG.search(svg)
    if found is None:
        raise ValueError(f"{SOURCE}: bentuk pertama harus <rect> latar, supaya ikon penuh dapat dibuat")
    opening, _, drawing = found.groups()
    edge = float(svg.split('viewBox="0 0 ')[1].split()[0])
    full = (
        f'{opening}<rect width="{edge}" height="{edge}" fill="{_COLOUR}"/>'
        f'<g transform="translate({edge / 10} {edge / 10}) scale(.8)">{drawing}</g></svg>'
    )
    return {
        name: bytes(resvg_py.svg_to_bytes(svg_string=full if name in _FULL else svg, width=size, height=size))
        for name, size in ICONS.items()
    }


def manifest(addresses: dict[str, str]) -> bytes:
    """The web app manifest; `addresses`: asset name -> its address."""
    return json.dumps(
        {
            "id": "/",
            "name": "e-Kinerja",
            "short_name": "e-Kinerja",
            "description": "Kinerja dan TPP pegawai pemerintah daerah",
            "lang": "id",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "theme_color": _COLOUR,
            "background_color": "#f3f6f9",
            "icons": [
                _icon(addresses["ikon-192.png"], 192, "any"),
                _icon(addresses["ikon-512.png"], 512, "any"),
                _icon(addresses["ikon-penuh-512.png"], 512, "maskable"),
                {"src": addresses[SOURCE], "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
            ],
        },
        ensure_ascii=False,
        indent=1,
    ).encode()


def _icon(address: str, size: int, purpose: str) -> dict[str, str]:
    return {"src": address, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def worker(source: str, addresses: list[str], pages: bytes) -> bytes:
    """The service worker: its source, the assets it keeps, and a version that changes with all of them.

    `pages`: the templates of the pages it keeps, so that it is renewed when they change.
    """
    listed = json.dumps(sorted(addresses))
    version = hashlib.sha256(source.encode() + listed.encode() + pages).hexdigest()[:12]
    return f'const VERSI = "{version}";\nconst ASET = {listed};\n{source}'.encode()
