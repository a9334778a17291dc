"""Settings: read from variables or files, explained in Bahasa Indonesia when wrong, never leaking secrets."""

import os
from pathlib import Path

import pytest

from shared.settings import ServiceSettings, SettingsError

GIVEN = {
    "EKINERJA_DB_SKP_APP": "postgresql://skp_app:sangat-rahasia@127.0.0.1:5432/skp",
    "EKINERJA_KAFKA": "127.0.0.1:9092",
    "EKINERJA_KAFKA_USER_SKP": "skp",
    "EKINERJA_KAFKA_PASSWORD_SKP": "sangat-rahasia",
}


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in list(os.environ):
        if name.startswith("EKINERJA_"):
            monkeypatch.delenv(name)
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_minimum(given: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given.setenv("EKINERJA_HOME", str(tmp_path))
    settings = ServiceSettings.load("skp")
    assert settings.database == GIVEN["EKINERJA_DB_SKP_APP"]
    assert settings.kafka_password.get_secret_value() == "sangat-rahasia"
    assert (settings.namespace, settings.zone, settings.smtp) == ("ekinerja", "WIB", None)
    assert settings.keys == tmp_path / "keys"
    assert settings.store == (tmp_path / "store").as_uri()


def test_every_service_has_its_own_variables(given: pytest.MonkeyPatch) -> None:
    given.setenv("EKINERJA_DB_TPP_APP", "postgresql://tpp_app@127.0.0.1/tpp")
    with pytest.raises(SettingsError) as refused:
        ServiceSettings.load("tpp")
    assert "EKINERJA_KAFKA_USER_TPP belum diisi" in str(refused.value)
    assert "EKINERJA_DB_TPP_APP" not in str(refused.value)


def test_all_faults_are_named_at_once_without_secrets(given: pytest.MonkeyPatch) -> None:
    given.delenv("EKINERJA_KAFKA")
    given.setenv("EKINERJA_POOL", "delapan")
    given.setenv("EKINERJA_DB_SKP_APP", "mysql://skp_app:sangat-rahasia@127.0.0.1/skp")
    with pytest.raises(SettingsError) as refused:
        ServiceSettings.load("skp")
    text = str(refused.value)
    assert "EKINERJA_KAFKA belum diisi" in text
    assert "EKINERJA_POOL isinya salah" in text
    assert "EKINERJA_DB_SKP_APP isinya salah" in text
    assert "Jalan keluar" in text
    assert "sangat-rahasia" not in text


def test_secret_as_file(given: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "sandi"
    secret.write_text("dari-berkas\n")
    given.delenv("EKINERJA_KAFKA_PASSWORD_SKP")
    given.setenv("EKINERJA_KAFKA_PASSWORD_SKP_FILE", str(secret))
    assert ServiceSettings.load("skp").kafka_password.get_secret_value() == "dari-berkas"


def test_unreadable_file_and_both_forms_are_refused(given: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given.setenv("EKINERJA_KAFKA_PASSWORD_SKP_FILE", str(tmp_path / "tiada"))
    with pytest.raises(SettingsError, match="salah satu"):
        ServiceSettings.load("skp")
    given.delenv("EKINERJA_KAFKA_PASSWORD_SKP")
    with pytest.raises(SettingsError, match="tidak dapat dibaca"):
        ServiceSettings.load("skp")


def test_the_text_of_settings_shows_no_secret(given: pytest.MonkeyPatch) -> None:
    given.setenv("EKINERJA_SMTP", "smtps://surel:sangat-rahasia@surel.contoh.go.id")
    settings = ServiceSettings.load("skp")
    assert "sangat-rahasia" not in repr(settings) + str(settings) + repr(settings.smtp)


@pytest.mark.parametrize(
    ("url", "host", "port", "security", "user", "password"),
    [
        ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, "none", None, None),
        ("smtp+starttls://surel:a%40b@surel.go.id", "surel.go.id", 587, "starttls", "surel", "a@b"),
        ("smtps://surel.go.id", "surel.go.id", 465, "tls", None, None),
    ],
)
def test_mail_server(
    given: pytest.MonkeyPatch, url: str, host: str, port: int, security: str, user: str, password: str
) -> None:
    given.setenv("EKINERJA_SMTP", url)
    smtp = ServiceSettings.load("skp").smtp
    assert smtp is not None
    assert (smtp.host, smtp.port, smtp.security, smtp.user) == (host, port, security, user)
    assert (smtp.password.get_secret_value() if smtp.password else None) == password


def test_owner_role_is_asked_for_only_when_needed(given: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="EKINERJA_DB_SKP_OWNER belum diisi"):
        _ = ServiceSettings.load("skp").owner_database
    given.setenv("EKINERJA_DB_SKP_OWNER", "postgresql://skp_owner@127.0.0.1/skp")
    assert ServiceSettings.load("skp").owner_database.startswith("postgresql://skp_owner")


def test_a_service_can_be_composed_without_any_environment(given: pytest.MonkeyPatch) -> None:
    for name in GIVEN:
        given.delenv(name)
    assert ServiceSettings.unconnected("skp").service == "skp"
