"""Secrets of an installation in containers: one file each, made at first start, never shipped.

A container is given the files it needs under `/run/secrets` and finds their paths in its environment, so that
nothing secret stands in an environment, on a command line or in what `docker inspect` shows.
"""

import datetime
import ipaddress
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deploy.backends.postgres import dsn
from deploy.backends.principals import SERVICES, USERS
from deploy.embedded.files import unwritable, write_private
from deploy.embedded.problems import PlatformError

FOLDER = Path(os.environ.get("EKINERJA_SECRETS", "/run/secrets"))
"""Where a container finds what it was given."""

OWNER = 10001
"""The user all our containers run as."""

POSTGRES_HOST = "postgres"
POSTGRES_PORT = 5432
_CERTIFICATE_DAYS = 825


def read(name: str) -> str:
    """A secret this container was given. Raises PlatformError when it was not."""
    path = FOLDER / name
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise PlatformError(
            f"Berkas rahasia {path} tidak dapat dibaca ({os.strerror(error.errno or 0)}).",
            "jalankan `ekinerja secrets init`, dan pastikan berkasnya dipasang pada kontainer ini.",
        ) from error


def _makers() -> dict[str, Callable[[], str]]:
    """How each file's content is made; TLS apart, because certificate and key belong together."""

    def password() -> str:
        return secrets.token_urlsafe(24)

    found: dict[str, Callable[[], str]] = {"installation": lambda: uuid4().hex, "pg_admin": password}
    for service in SERVICES:
        for kind in ("owner", "app"):
            found[f"db_{service}_{kind}"] = lambda s=service, k=kind: dsn(  # type: ignore[misc]
                f"{s}_{k}", password(), POSTGRES_HOST, POSTGRES_PORT, s
            )
    found |= {f"kafka_{user}": password for user in USERS}
    found["grafana_admin"] = password
    return found


def init(folder: Path, hosts: list[str], *, smtp: str = "") -> list[str]:
    """Make every file that is absent; returns their names. What is there is never touched.

    `hosts` are the names and addresses the self-signed certificate is for, when none was given. `smtp` is the
    mail server's URL; without one the file is empty and no e-mail is sent. As root the files go to the user
    our containers run as. Raises PlatformError when the folder cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    made = {name: make() for name, make in _makers().items() if not (folder / name).exists()}
    if not (folder / "smtp").exists():
        made["smtp"] = smtp
    pair = [(folder / name).exists() for name in ("tls.crt", "tls.key")]
    if any(pair) and not all(pair):
        raise PlatformError(
            f"Di {folder} hanya ada salah satu dari tls.crt dan tls.key.",
            "letakkan keduanya, atau hapus yang ada agar sertifikat sementara dibuat.",
        )
    if not any(pair):
        made["tls.crt"], made["tls.key"] = certificate(hosts)
    for name, content in made.items():
        write_private(folder / name, content)
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            os.chown(path, OWNER, OWNER)
    return sorted(made)


def certificate(hosts: list[str]) -> tuple[str, str]:
    """A self-signed certificate for these names and addresses, and its key, both as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=_CERTIFICATE_DAYS))
        .add_extension(x509.SubjectAlternativeName([_name(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return built.public_bytes(serialization.Encoding.PEM).decode(), private.decode()


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
