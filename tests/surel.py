"""A real mail server for tests: it takes mail, or answers as it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult


@dataclass
class Peladen:
    """A mail server. What it answers depends on the part of the address before `@`."""

    diterima: list[EmailMessage] = field(default_factory=list)
    perintah: dict[str, str] = field(default_factory=dict)
    """Local part -> `550 …` or `451 …` at RCPT, `data 554 …` at DATA, or `putus` after DATA, once."""
    port: int = 0

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """SMTP RCPT."""
        order = self.perintah.get(address.split("@")[0], "")
        if order[:1].isdigit():
            return order
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """SMTP DATA."""
        local = envelope.rcpt_tos[0].split("@")[0]
        order = self.perintah.get(local, "")
        if order.startswith("data "):
            return order.removeprefix("data ")
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.diterima.append(parsed)
        if order == "putus":
            del self.perintah[local]
            server.transport.abort()
        return "250 OK"

    def untuk(self) -> list[str]:
        """To whom mail was taken, in order."""
        return [str(message["To"].addresses[0].addr_spec) for message in self.diterima]


@asynccontextmanager
async def peladen_surel(*, port: int = 0, sandi: str | None = None) -> AsyncIterator[Peladen]:
    """A running mail server; with `sandi`, it wants that password of user `ekinerja` first."""
    handler = Peladen()

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        right = data.login == b"ekinerja" and data.password == (sandi or "").encode()
        return AuthResult(success=right, handled=False)

    def connection() -> SMTP:
        return SMTP(
            handler,
            hostname="uji",
            authenticator=check if sandi else None,
            auth_required=bool(sandi),
            auth_require_tls=False,
        )

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", port)
    handler.port = server.sockets[0].getsockname()[1]
    try:
        yield handler
    finally:
        server.close()
