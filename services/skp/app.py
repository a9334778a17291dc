"""skp, composed. Connects nothing."""

from services.skp import PREFIXES
from services.skp.authz import AUTHZ
from services.skp.consumers import BARRIERS, SUBSCRIPTIONS
from services.skp.jobs import JOBS
from services.skp.resources import resources
from shared.runtime.service import Service
from shared.settings import ServiceSettings


def build(settings: ServiceSettings) -> Service:
    """The service with these settings."""
    return Service(
        settings=settings,
        title="e-Kinerja: pegawai, SKP, dan realisasi",
        prefixes=PREFIXES,
        routes="services.skp.routes",
        authz=AUTHZ,
        migrations="services.skp",
        subscriptions=SUBSCRIPTIONS,
        barriers=BARRIERS,
        jobs=JOBS,
        resources=resources,
    )
