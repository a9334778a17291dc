"""assessment, composed. Connects nothing."""

from services.assessment.authz import AUTHZ
from services.assessment.consumers import BARRIERS, SUBSCRIPTIONS
from shared.runtime import Service
from shared.settings import ServiceSettings


def build(settings: ServiceSettings) -> Service:
    """The service with these settings."""
    return Service(
        settings=settings,
        title="e-Kinerja: penilaian",
        prefixes=("/api/penilaian", "/api/assessment", "/penilaian"),
        routes="services.assessment.routes",
        authz=AUTHZ,
        migrations="services.assessment",
        subscriptions=SUBSCRIPTIONS,
        barriers=BARRIERS,
    )
