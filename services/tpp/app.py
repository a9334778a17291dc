"""tpp, composed. Connects nothing."""

from services.tpp.authz import AUTHZ
from services.tpp.consumers import BARRIERS, SUBSCRIPTIONS
from services.tpp.ekspor.api import api as ekspor
from services.tpp.jobs import JOBS
from services.tpp.kebijakan.api import api as kebijakan
from services.tpp.kehadiran.api import api as kehadiran
from services.tpp.pembayaran.api import api as pembayaran
from services.tpp.penetapan.api import api as penetapan
from services.tpp.penetapan.api import kunci_publik
from services.tpp.perhitungan.api import api as perhitungan
from services.tpp.rekening.api import api as rekening
from services.tpp.resources import resources
from services.tpp.slip.api import api as slip
from shared.runtime import Service
from shared.settings import ServiceSettings


def build(settings: ServiceSettings) -> Service:
    """The service with these settings."""
    return Service(
        settings=settings,
        title="e-Kinerja: TPP",
        prefixes=("/api/tpp",),
        routers=(
            kunci_publik,
            kebijakan,
            kehadiran,
            perhitungan,
            penetapan,
            pembayaran,
            rekening,
            ekspor,
            slip,
        ),
        authz=AUTHZ,
        migrations="services.tpp",
        subscriptions=SUBSCRIPTIONS,
        barriers=BARRIERS,
        jobs=JOBS,
        resources=resources,
    )
