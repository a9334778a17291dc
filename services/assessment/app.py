"""assessment, composed. Connects nothing."""

from services.assessment.authz import AUTHZ
from services.assessment.consumers import BARRIERS, SUBSCRIPTIONS
from services.assessment.monev.pages import halaman as halaman_monev
from services.assessment.penilaian.api import api
from services.assessment.penilaian.pages import halaman
from shared.runtime import Service
from shared.settings import ServiceSettings
from shared.web.letters import letter_pages


def build(settings: ServiceSettings) -> Service:
    """The service with these settings."""
    return Service(
        settings=settings,
        title="e-Kinerja: penilaian",
        prefixes=("/api/penilaian", "/api/assessment", "/penilaian"),
        routers=(letter_pages("/penilaian/surat-mati", "surat mati"), api, halaman, halaman_monev),
        authz=AUTHZ,
        migrations="services.assessment",
        subscriptions=SUBSCRIPTIONS,
        barriers=BARRIERS,
    )
