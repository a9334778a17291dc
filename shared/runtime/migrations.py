"""Bringing one service's database up to date: the kernel's tables first, then its own."""

from shared.db.migrate import migrate_own
from shared.runtime.service import Service


async def migrate_service(service: Service) -> int:
    """Apply what is missing as the owner role; returns the number of files applied."""
    return await migrate_own(service.settings, service.migrations)
