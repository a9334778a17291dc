"""A connection of its own whose locks say that this process lives: they fall when it dies, and only then."""

from typing import Any

import asyncpg


async def connect_session(dsn: str, name: str) -> Any:
    """A dedicated connection for session locks and LISTEN, outside any pool.

    PostgreSQL asks a silent peer for a sign of life after 10 s and gives it up after 15 s more, so that the
    locks of a machine that went dark are free within half a minute. Raises what asyncpg raises.
    """
    return await asyncpg.connect(
        dsn,
        timeout=10,
        command_timeout=60,
        server_settings={
            "application_name": name,
            "jit": "off",
            "timezone": "UTC",
            "tcp_keepalives_idle": "10",
            "tcp_keepalives_interval": "5",
            "tcp_keepalives_count": "3",
        },
    )
