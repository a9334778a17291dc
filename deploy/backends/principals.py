"""Who exists in an installation: database roles and Kafka users. Passwords are the installation's own."""

from shared.contracts.catalogue import PRINCIPALS

SERVICES: tuple[str, ...] = ("skp", "assessment", "tpp", "notification")
"""Who gets a database; every service that could be installed, whether it is or not."""

ADMIN = "ekinerja_admin"
"""PostgreSQL's administrator."""

ROLES: tuple[str, ...] = (ADMIN, *(f"{name}_{kind}" for name in SERVICES for kind in ("owner", "app")))
"""Every database role: the owner changes tables, the app role works with them."""

READING = {f"{name}_app": f"{name}_baca" for name in SERVICES}
"""Whom each app role becomes while it answers a person's question: row-level security holds it."""

KAFKA_ADMIN = "admin"
"""Kafka's administrator, the broker itself included."""

USERS: tuple[str, ...] = (KAFKA_ADMIN, *PRINCIPALS)
"""Every Kafka user."""
