"""Bringing one service's database up to date: the kernel's tables first, then its own."""

from urllib.parse import urlsplit

from shared.db.migrate import migrate
from shared.runtime.service import Service


async def migrate_service(service: Service) -> int:
    """Apply what is missing as the owner role; returns the number of files applied."""
    app_role = urlsplit(service.settings.database).username or ""
    return await migrate(
        service.settings.owner_database, app_role, {"kernel": "shared.db", service.name: service.migrations}
    )
