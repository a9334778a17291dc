"""What assessment answers over HTTP. A process that answers nobody leaves it unread (`app`)."""

from fastapi import APIRouter

from services.assessment.monev.pages import halaman as halaman_monev
from services.assessment.penilaian.api import api
from services.assessment.penilaian.pages import halaman
from shared.web.letters import letter_pages

ROUTERS: tuple[APIRouter, ...] = (
    letter_pages("/penilaian/surat-mati", "surat mati"),
    api,
    halaman,
    halaman_monev,
)
"""In the order in which a path is looked for."""
