"""notification, composed. Connects nothing."""

from services.notification.authz import AUTHZ
from services.notification.consumers import SUBSCRIPTIONS
from services.notification.jobs import JOBS
from services.notification.kotak_masuk.api import api
from services.notification.kotak_masuk.pages import halaman
from shared.runtime import Service
from shared.settings import ServiceSettings
from shared.web.letters import letter_pages


def build(settings: ServiceSettings) -> Service:
    """The service with these settings."""
    return Service(
        settings=settings,
        title="e-Kinerja: notifikasi",
        prefixes=("/api/notifikasi", "/api/notification", "/notifikasi"),
        routers=(letter_pages("/notifikasi/surat-mati", "surat mati"), api, halaman),
        authz=AUTHZ,
        migrations="services.notification",
        subscriptions=SUBSCRIPTIONS,
        jobs=JOBS,
    )
