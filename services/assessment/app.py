"""assessment, composed. Connects nothing."""

from services.assessment import PREFIXES
from services.assessment.authz import AUTHZ
from services.assessment.consumers import BARRIERS, SUBSCRIPTIONS
from shared.runtime import Service
from shared.settings import ServiceSettings


def build(settings: ServiceSettings) -> Service:
    """The service with these settings."""
    return Service(
        settings=settings,
        title="e-Kinerja: penilaian",
        prefixes=PREFIXES,
        routes="services.assessment.routes",
        authz=AUTHZ,
        migrations="services.assessment",
        subscriptions=SUBSCRIPTIONS,
        barriers=BARRIERS,
    )
