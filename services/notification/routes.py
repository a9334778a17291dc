"""What notification answers over HTTP. A process that answers nobody leaves it unread (`app`)."""

from fastapi import APIRouter

from services.notification.kotak_masuk.api import api
from services.notification.kotak_masuk.pages import halaman
from shared.web.letters import letter_pages

ROUTERS: tuple[APIRouter, ...] = (letter_pages("/notifikasi/surat-mati", "surat mati"), api, halaman)
"""In the order in which a path is looked for."""
