"""What notification does by itself."""

from services.notification.pengiriman.kirim import kirim_surel
from shared.runtime import Job

# Several senders may work at once: each takes its own rows.
JOBS = (Job("kirim-surel", 2.0, kirim_surel, shared=True),)
