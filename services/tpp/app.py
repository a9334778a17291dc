"""tpp, composed. Connects nothing."""

from services.tpp.authz import AUTHZ
from services.tpp.consumers import BARRIERS, SUBSCRIPTIONS
from services.tpp.jobs import JOBS
from services.tpp.kebijakan.api import api as kebijakan
from services.tpp.kehadiran.api import api as kehadiran
from services.tpp.penetapan.api import api as penetapan
from services.tpp.penetapan.colek import halaman as halaman_colek
from services.tpp.perhitungan.api import api as perhitungan
from services.tpp.perhitungan.pages import halaman as halaman_perhitungan
from services.tpp.slip.api import api as slip
from services.tpp.slip.pages import halaman as halaman_slip
from shared.runtime import Service
from shared.settings import ServiceSettings


def build(settings: ServiceSettings) -> Service:
    """The service with these settings."""
    return Service(
        settings=settings,
        title="e-Kinerja: TPP",
        prefixes=("/api/tpp", "/tpp"),
        routers=(
            kebijakan,
            kehadiran,
            perhitungan,
            penetapan,
            slip,
            halaman_perhitungan,
            halaman_slip,
            halaman_colek,
        ),
        authz=AUTHZ,
        migrations="services.tpp",
        subscriptions=SUBSCRIPTIONS,
        barriers=BARRIERS,
        jobs=JOBS,
    )
