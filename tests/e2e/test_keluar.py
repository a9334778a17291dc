"""Logging out holds everywhere: one session is refused by every service within seconds, others go on."""

import time

import httpx2
import pytest

from shared.http.session import SESSION
from tests.dunia import Dunia

API = (
    "/api/skp/saya",
    "/api/penilaian/saya",
    "/api/tpp/slip",
    "/api/notifikasi/jumlah",
)
HALAMAN = ("/skp/rencana", "/penilaian", "/tpp/saya", "/notifikasi")
PALING_LAMA = 5.0
"""Seconds (S6)."""


@pytest.mark.parametrize("through", ["api", "halaman", "semua"])
def test_a_session_that_was_ended_is_refused_by_every_service(dunia: Dunia, through: str) -> None:
    nip = dunia.pemda.orang[-2].nip
    ended, other = dunia.token(nip), dunia.token(nip)
    with httpx2.Client(base_url=dunia.url, timeout=30) as http:

        def statuses(token: str) -> dict[str, int]:
            bearer = {"Authorization": f"Bearer {token}"}
            cookie = {"Cookie": f"{SESSION}={token}", "Accept": "text/html"}
            found = {path: http.get(path, headers=bearer).status_code for path in API}
            return found | {path: http.get(path, headers=cookie).status_code for path in HALAMAN}

        assert set(statuses(ended).values()) == {200}
        if through == "halaman":
            own = {"Cookie": f"{SESSION}={ended}", "Origin": dunia.url.rstrip("/")}
            assert http.post("/keluar", headers=own).status_code == 303
        else:
            path = "/api/skp/keluar" if through == "api" else "/api/skp/keluar/semua"
            assert http.post(path, headers={"Authorization": f"Bearer {ended}"}).status_code == 204
        began = time.monotonic()
        gone = dict.fromkeys(API, 401) | dict.fromkeys(HALAMAN, 303)
        while (now := statuses(ended)) != gone:
            assert time.monotonic() - began < PALING_LAMA, {
                path: status for path, status in now.items() if status != gone[path]
            }
            time.sleep(0.05)
        print(f"{through}: ditolak semua layanan sesudah {time.monotonic() - began:.1f} detik")
        expected = gone if through == "semua" else dict.fromkeys((*API, *HALAMAN), 200)
        assert statuses(other) == expected
    if through == "semua":
        dunia.klien.lupakan(nip)
