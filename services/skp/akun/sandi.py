"""Password hashing aside from the event loop, so that a crowd logging in does not stop everyone else."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared.errors import Unavailable

T = TypeVar("T")
_QUEUE = 200


class Sandi:
    """argon2id with 19 MiB and two passes (OWASP's choice), a few at a time."""

    def __init__(self, workers: int | None = None) -> None:
        self._pool = ThreadPoolExecutor(workers or min(4, os.cpu_count() or 1), thread_name_prefix="argon2")
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        # Verified for people who do not exist, so that they take as long as those who do.
        self._nobody = self._hasher.hash(os.urandom(16).hex())
        self._waiting = 0

    def close(self) -> None:
        """Finish what runs."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def hash(self, kata_sandi: str) -> str:
        """The hash to store. Raises Unavailable when too many wait already."""
        return await self._run(self._hasher.hash, kata_sandi)

    async def cocok(self, stored: str | None, kata_sandi: str) -> bool:
        """Whether a password is the stored one; always False, as slowly, when nothing is stored."""

        def verify(known: str, given: str) -> bool:
            try:
                return self._hasher.verify(known, given)
            except (VerificationError, InvalidHashError):
                return False

        return await self._run(verify, stored or self._nobody, kata_sandi) and stored is not None

    async def _run(self, work: Callable[..., T], *args: str) -> T:
        if self._waiting >= _QUEUE:
            raise Unavailable("Terlalu banyak yang masuk pada saat yang sama.", retry_after=3)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, *args)
        finally:
            self._waiting -= 1
