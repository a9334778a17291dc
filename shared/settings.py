"""Settings of one service, from environment variables only; secrets may also come as files.

Each variable `X` may be given as `X_FILE` instead: the path of a file whose content is the value, as
Docker and Kubernetes hand over secrets. `<SVC>` in a name is the service's name in capitals.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from shared.auth.guard import PERAN


class SettingsError(Exception):
    """A setting is absent or wrong; the text names each variable and the way out."""


@dataclass(frozen=True, slots=True)
class Var:
    """Which environment variable fills a field, what it means, and an example."""

    name: str
    meaning: str
    example: str

    def of(self, service: str) -> str:
        """The variable's name for one service."""
        return self.name.replace("<SVC>", service.upper())


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server. `security` is how the connection is protected: none, STARTTLS, or TLS from the start."""

    host: str
    port: int
    user: str | None
    password: SecretStr | None
    security: Literal["none", "starttls", "tls"]


_SMTP_SCHEMES: dict[str, tuple[Literal["none", "starttls", "tls"], int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}


class ServiceSettings(BaseSettings):
    """What one service needs to know to run. Made with `load`; immutable; secrets never show in its text."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid")

    service: str = Field(pattern=r"^[a-z]{2,20}$")
    home: Annotated[Path, Var("EKINERJA_HOME", "folder data pemasangan", "/var/lib/ekinerja")] = Path(
        ".ekinerja"
    )
    db_app: Annotated[
        SecretStr,
        Var(
            "EKINERJA_DB_<SVC>_APP",
            "alamat basis data, peran aplikasi",
            "postgresql://skp_app:sandi@127.0.0.1:5432/skp",
        ),
    ]
    db_owner: Annotated[
        SecretStr | None,
        Var(
            "EKINERJA_DB_<SVC>_OWNER",
            "alamat basis data, peran pemilik",
            "postgresql://skp_owner:sandi@127.0.0.1:5432/skp",
        ),
    ] = None
    pool_size: Annotated[
        int, Field(ge=1, le=200), Var("EKINERJA_POOL", "banyaknya koneksi basis data tiap proses", "10")
    ] = 10
    kafka: Annotated[
        str, Field(min_length=3), Var("EKINERJA_KAFKA", "alamat broker Kafka, dipisah koma", "127.0.0.1:9092")
    ]
    kafka_user: Annotated[str, Var("EKINERJA_KAFKA_USER_<SVC>", "pengguna Kafka layanan ini", "skp")]
    kafka_password: Annotated[
        SecretStr, Var("EKINERJA_KAFKA_PASSWORD_<SVC>", "sandi pengguna Kafka layanan ini", "sandi")
    ]
    namespace: Annotated[
        str,
        Field(pattern=r"^[A-Za-z0-9_-]{1,80}$"),
        Var("EKINERJA_NAMESPACE", "awalan nama topik dan grup di Kafka: huruf, angka, `_`, `-`", "ekinerja"),
    ] = "ekinerja"
    keys_folder: Annotated[
        Path | None, Var("EKINERJA_KEYS", "folder kunci tanda tangan", "/var/lib/ekinerja/keys")
    ] = None
    zone: Annotated[
        Literal["WIB", "WITA", "WIT"], Var("EKINERJA_ZONE", "zona waktu daerah: WIB, WITA atau WIT", "WITA")
    ] = "WIB"
    selisih_tpp: Annotated[
        int,
        Field(ge=1, le=1000),
        Var("EKINERJA_SELISIH_TPP", "perubahan TPP dari bulan lalu yang harus ditanggapi, persen", "25"),
    ] = 25
    public_url: Annotated[
        str | None,
        Field(pattern=r"^https?://[^\s]+$"),
        Var(
            "EKINERJA_URL",
            "alamat publik pemasangan ini, untuk tautan pada dokumen yang dicetak",
            "https://ekinerja.contoh.go.id",
        ),
    ] = None
    store_url: Annotated[
        str | None,
        Var(
            "EKINERJA_STORE",
            "tempat berkas bukti: file:///… atau s3://ember",
            "file:///var/lib/ekinerja/store",
        ),
    ] = None
    smtp_url: Annotated[
        SecretStr | None,
        Var(
            "EKINERJA_SMTP",
            "peladen surel: smtp://, smtp+starttls:// atau smtps://",
            "smtps://pengguna:sandi@surel.contoh.go.id:465",
        ),
    ] = None
    smtp_from: Annotated[
        str, Field(pattern=r"@"), Var("EKINERJA_SMTP_FROM", "alamat pengirim surel", "ekinerja@contoh.go.id")
    ] = "ekinerja@localhost"
    help_contact: Annotated[
        str | None,
        Field(min_length=5, max_length=300),
        Var(
            "EKINERJA_BANTUAN",
            "cara menghubungi meja bantuan daerah, ditampilkan juga kepada yang belum dapat masuk",
            "WhatsApp 0811-0000-0000, hari kerja 08.00 sampai 16.00",
        ),
    ] = None
    factor_roles: Annotated[
        str,
        Var(
            "EKINERJA_FAKTOR_WAJIB",
            "peran yang baru berlaku bila akunnya memakai faktor kedua, dipisah koma",
            "admin_bkd,bpkad",
        ),
    ] = ""
    trace_file: Annotated[
        Path | None,
        Var(
            "EKINERJA_TRACE_FILE",
            "berkas JSONL untuk jejak; kosong berarti tidak dicatat",
            "/var/log/jejak.jsonl",
        ),
    ] = None
    trace_ratio: Annotated[
        float,
        Field(ge=0, le=1),
        Var("EKINERJA_TRACE_RATIO", "bagian permintaan yang dijejak, 0 sampai 1", "0.01"),
    ] = 1.0

    @classmethod
    def load(cls, service: str) -> Self:
        """The settings of a service from this process's environment.

        Raises SettingsError naming every variable that is absent or wrong; secret values are not shown.
        """
        given: dict[str, Any] = {"service": service}
        try:
            return cls(**given)
        except ValidationError as error:
            raise SettingsError(_explained(cls, service, error)) from None

    @classmethod
    def unconnected(cls, service: str) -> Self:
        """Settings that name no real database or broker: to compose a service and look at it (API pages)."""
        return cls(
            service=service,
            db_app=SecretStr("postgresql://127.0.0.1:1/tidak-terhubung"),
            kafka="127.0.0.1:1",
            kafka_user=service,
            kafka_password=SecretStr("tidak-terhubung"),
        )

    @property
    def database(self) -> str:
        """DSN of the role the service works with."""
        return self.db_app.get_secret_value()

    @property
    def owner_database(self) -> str:
        """DSN of the role that owns the schema. Raises SettingsError when this process was not given it."""
        if self.db_owner is None:
            name = f"EKINERJA_DB_{self.service.upper()}_OWNER"
            raise SettingsError(
                f"{name} belum diisi: pekerjaan ini memerlukan peran pemilik basis data {self.service}.\n"
                f"Jalan keluar: isi {name} (atau {name}_FILE) untuk perintah ini saja."
            )
        return self.db_owner.get_secret_value()

    @property
    def keys(self) -> Path:
        """Folder of signing keys; `keys` in the home folder unless set."""
        return self.keys_folder or self.home / "keys"

    @property
    def store(self) -> str:
        """URL of the evidence store, as obstore reads it; a folder in the home unless set."""
        return self.store_url or (self.home / "store").resolve().as_uri()

    @property
    def peran_berfaktor(self) -> frozenset[str]:
        """Roles that need a second factor; none unless set."""
        return _roles(self.factor_roles)

    @property
    def smtp(self) -> Smtp | None:
        """The mail server, or None when no e-mail is to be sent."""
        return _read_smtp(self.smtp_url.get_secret_value()) if self.smtp_url else None

    @field_validator("db_app", "db_owner")
    @classmethod
    def _is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("harus diawali postgresql://")
        return value

    @field_validator("factor_roles")
    @classmethod
    def _are_roles(cls, value: str) -> str:
        if unknown := _roles(value) - PERAN:
            raise ValueError(f"peran tidak dikenal: {', '.join(sorted(unknown))}")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_smtp(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _read_smtp(value.get_secret_value())
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the caller gives comes first, then this product's own variables; nothing else is read."""
        return init_settings, _Variables(settings_cls)


def given(name: str) -> str | None:
    """What the environment says: the variable, or the content of the file named by `<name>_FILE`, or None.

    Raises SettingsError when both are set or the file cannot be read.
    """
    value, path = os.environ.get(name), os.environ.get(name + "_FILE")
    if value and path:
        raise SettingsError(f"{name} dan {name}_FILE terisi keduanya; pakai salah satu saja.")
    if path:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "bukan teks"
            raise SettingsError(
                f"{name}_FILE menunjuk {path}, yang tidak dapat dibaca ({reason}).\n"
                "Jalan keluar: periksa letak berkas dan hak bacanya."
            ) from None
    return value or None


class _Variables(PydanticBaseSettingsSource):
    """Reads the variable named by each field's `Var`, or the file named by `<variable>_FILE`."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The value of one field, or None. Raises SettingsError for an unreadable file."""
        value = given(_var(field).of(self.current_state["service"]))
        return value, field_name, False

    def __call__(self) -> dict[str, Any]:
        """All values found."""
        given = self.current_state
        found = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
            if name not in given
        }
        return {name: value for name, value in found.items() if value is not None}


def _var(field: FieldInfo) -> Var:
    return next(mark for mark in field.metadata if isinstance(mark, Var))


def _roles(text: str) -> frozenset[str]:
    return frozenset(filter(None, (one.strip() for one in text.split(","))))


def _read_smtp(url: str) -> Smtp:
    parts = urlsplit(url)
    if parts.scheme not in _SMTP_SCHEMES or not parts.hostname:
        raise ValueError("harus berupa smtp://, smtp+starttls:// atau smtps:// dengan nama peladen")
    security, port = _SMTP_SCHEMES[parts.scheme]
    return Smtp(
        host=parts.hostname,
        port=parts.port or port,
        user=unquote(parts.username) if parts.username else None,
        password=SecretStr(unquote(parts.password)) if parts.password else None,
        security=security,
    )


def _explained(settings: type[BaseSettings], service: str, error: ValidationError) -> str:
    lines = [f"Pengaturan layanan {service} belum benar:"]
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        if fault["loc"] == ("service",):
            lines.append("- nama layanan harus 2 sampai 20 huruf kecil")
            continue
        var = _var(settings.model_fields[str(fault["loc"][0])])
        state = "belum diisi" if fault["type"] == "missing" else "isinya salah"
        lines.append(f"- {var.of(service)} {state}: {var.meaning}, misalnya {var.example}")
    lines.append(
        "Jalan keluar: isi variabel itu (atau <nama>_FILE dengan letak berkas berisi nilainya), lalu ulangi. "
        "Di satu mesin `ekinerja up` mengisi semuanya: nyalakan dahulu, dengan EKINERJA_HOME yang sama."
    )
    return "\n".join(lines)
