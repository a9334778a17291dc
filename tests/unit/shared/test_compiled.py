"""Templates compiled with the assets are used as they are, and only while nothing about them has changed."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from shared.web.compiled import Compiled

SOURCE = {"contoh/a.html": "Halo {{ nama }}", "web/base.html": "<p>{{ nama }}</p>"}


def environment(
    folder: Path, package: str = "services.skp", code: str = "id", *, write: bool = False
) -> Environment:
    return Environment(
        loader=DictLoader(dict(SOURCE)),
        autoescape=True,
        bytecode_cache=Compiled(package, code, folder=folder, write=write),
    )


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """What building assets leaves."""
    folder = tmp_path / "templat"
    for name in SOURCE:
        environment(folder, write=True).get_template(name)
    return folder


def compiles(env: Environment, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that get compiled from now on."""
    names: list[str] = []
    real = env.compile

    def noted(source: str, name: str, filename: str | None) -> object:
        names.append(name)
        return real(source, name, filename)

    monkeypatch.setattr(env, "compile", noted)
    return names


def test_nothing_is_compiled_that_was_built(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = environment(built)
    compiled = compiles(env, monkeypatch)
    assert env.get_template("contoh/a.html").render(nama="<Ani>") == "Halo &lt;Ani&gt;"
    assert env.get_template("web/base.html").render(nama="Ani") == "<p>Ani</p>"
    assert compiled == []


def test_shared_templates_are_everybodys_and_others_are_not(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = environment(built, "services.tpp")
    compiled = compiles(env, monkeypatch)
    for name in SOURCE:
        env.get_template(name)
    assert compiled == ["contoh/a.html"]


def test_a_changed_template_another_language_and_a_broken_file_are_compiled(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = environment(built)
    changed.loader = DictLoader(SOURCE | {"contoh/a.html": "Hai {{ nama }}"})
    compiled = compiles(changed, monkeypatch)
    assert changed.get_template("contoh/a.html").render(nama="Ani") == "Hai Ani"
    assert compiled == ["contoh/a.html"]

    other = environment(built, code="jv")
    compiled = compiles(other, monkeypatch)
    other.get_template("web/base.html")
    assert compiled == ["web/base.html"]

    for file in built.iterdir():
        file.write_bytes(file.read_bytes()[:40])
    broken = environment(built)
    assert broken.get_template("contoh/a.html").render(nama="Ani") == "Halo Ani"


def test_a_reader_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "tidak-ada"
    environment(folder).get_template("contoh/a.html")
    assert not folder.exists()
