"""One trace from the request through outbox, Kafka and inbox to the e-mail."""

import os
import subprocess
import sys

from deploy.demo.klien import tunggu
from shared.contracts.skp import SkpSubmitted
from shared.obs.jejak import Langkah, baca
from tests.dunia import Dunia

KIRIM = "surel skp_diajukan"


def test_an_event_is_followed_from_the_request_to_the_mail_under_one_id(dunia: Dunia) -> None:
    async def mailed() -> str | None:
        # Spans are written in batches; the last ones may still be on their way to the file.
        found = [one for one in baca(dunia.jejak) if one.nama == KIRIM]
        whole = [one for one in found if len(_steps(dunia, one.trace_id)) == 4]
        return whole[0].trace_id if whole else None

    trace_id = dunia.jalankan(tunggu("jejak sebuah surel", mailed))
    request, published, applied, mail = _steps(dunia, trace_id)
    assert request.layanan == "api"
    assert request.nama.endswith("/ajukan")
    assert (published.layanan, applied.layanan, mail.layanan) == ("skp", "notification", "notification")
    assert request.mulai < published.mulai < applied.mulai < mail.mulai
    assert any("menunggu persetujuan Anda" in message["Subject"] for message in dunia.surat)

    shown = subprocess.run(
        [sys.executable, "-m", "services", "jejak", trace_id, "--berkas", str(dunia.jejak)],
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert KIRIM in shown
    assert f"diterapkan {SkpSubmitted.TYPE}" in shown


def _steps(dunia: Dunia, trace_id: str) -> list[Langkah]:
    """The four stations of a submitted SKP, in their order of time."""
    mine = [one for one in baca(dunia.jejak) if one.trace_id == trace_id]
    request = [one for one in mine if one.nama.startswith("POST ")]
    published = [one for one in mine if one.nama == f"diterbitkan {SkpSubmitted.TYPE}"]
    applied = [
        one for one in mine if one.nama == f"diterapkan {SkpSubmitted.TYPE}" and one.layanan == "notification"
    ]
    return [*request, *published, *applied, *(one for one in mine if one.nama == KIRIM)]
