"""One SMTP conversation: build a mail, hand it over, say what the server's answer means."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import UUID

import aiosmtplib

from services.notification.pengiriman.rules import Nasib, nasib_kode
from services.notification.templat.kata import Kata
from shared.settings import Smtp

TIMEOUT = 15
"""Seconds for one step of the conversation."""


class ServerTrouble(Exception):
    """The server cannot be used now, whatever the mail. `begun`: one was under way, its outcome unknown."""

    def __init__(self, sebab: str, *, begun: bool) -> None:
        super().__init__(sebab)
        self.begun = begun


@dataclass(frozen=True, slots=True)
class Jawaban:
    """What became of one mail, and the server's words."""

    nasib: Nasib
    sebab: str | None = None


def surat(id: UUID, sender: str, nama: str, email: str, kata: Kata) -> EmailMessage:
    """The mail of one queue row. Its Message-ID follows from the row, so that a repeat is recognisable.

    Raises ValueError for an address that is none.
    """
    name, at, domain = email.rpartition("@")
    if not at or not name or not domain:
        raise ValueError("alamat surel tidak sah")
    message = EmailMessage()
    message["From"] = sender
    message["To"] = Address(nama, name, domain)
    message["Subject"] = kata.judul
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{id}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(kata.isi)
    return message


@asynccontextmanager
async def sambungan(smtp: Smtp) -> AsyncIterator[aiosmtplib.SMTP]:
    """An open connection. Raises ServerTrouble when there is none to be had."""
    client = aiosmtplib.SMTP(
        hostname=smtp.host,
        port=smtp.port,
        username=smtp.user,
        password=smtp.password.get_secret_value() if smtp.password else None,
        use_tls=smtp.security == "tls",
        start_tls=smtp.security == "starttls",
        timeout=TIMEOUT,
    )
    try:
        await client.connect()
    except (aiosmtplib.SMTPException, OSError) as error:
        client.close()
        raise ServerTrouble(_text(error), begun=False) from error
    try:
        yield client
    finally:
        client.close()


async def serahkan(client: aiosmtplib.SMTP, message: EmailMessage) -> Jawaban:
    """Hand one mail over. Raises ServerTrouble when the trouble is not this mail's."""
    try:
        await client.send_message(message)
    except aiosmtplib.SMTPRecipientsRefused as error:
        refused = error.recipients[0]
        return Jawaban(nasib_kode(refused.code), f"{refused.code} {refused.message}")
    except aiosmtplib.SMTPDataError as error:
        return Jawaban(nasib_kode(error.code), f"{error.code} {error.message}")
    except (aiosmtplib.SMTPServerDisconnected, TimeoutError, OSError) as error:
        raise ServerTrouble(_text(error), begun=True) from error
    except aiosmtplib.SMTPException as error:
        # Sender refused, greeting or login refused: the settings or the server, not the mail.
        raise ServerTrouble(_text(error), begun=False) from error
    return Jawaban(Nasib.TERKIRIM)


def _text(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
