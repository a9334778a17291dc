"""PostgreSQL: pool, one transaction for a command, named SQL, forward-only migrations."""

from shared.db.database import Database
from shared.db.sql import queries
from shared.db.tx import Actor, Tx

__all__ = ["Actor", "Database", "Tx", "queries"]
