"""tpp, composed. Connects nothing."""

from services.tpp import PREFIXES
from services.tpp.authz import AUTHZ
from services.tpp.consumers import BARRIERS, SUBSCRIPTIONS
from services.tpp.jobs import JOBS
from services.tpp.resources import resources
from shared.runtime import Service
from shared.settings import ServiceSettings


def build(settings: ServiceSettings) -> Service:
    """The service with these settings."""
    return Service(
        settings=settings,
        title="e-Kinerja: TPP",
        prefixes=PREFIXES,
        routes="services.tpp.routes",
        authz=AUTHZ,
        migrations="services.tpp",
        subscriptions=SUBSCRIPTIONS,
        barriers=BARRIERS,
        jobs=JOBS,
        resources=resources,
    )
