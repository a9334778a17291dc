"""notification, composed. Connects nothing."""

from services.notification import PREFIXES
from services.notification.authz import AUTHZ
from services.notification.consumers import SUBSCRIPTIONS
from services.notification.jobs import JOBS
from shared.runtime import Service
from shared.settings import ServiceSettings


def build(settings: ServiceSettings) -> Service:
    """The service with these settings."""
    return Service(
        settings=settings,
        title="e-Kinerja: notifikasi",
        prefixes=PREFIXES,
        routes="services.notification.routes",
        authz=AUTHZ,
        migrations="services.notification",
        subscriptions=SUBSCRIPTIONS,
        jobs=JOBS,
    )
