"""nginx's configuration from what services say about their paths, and its refusals in their words."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import jinja2
from fastapi import Request

from services.installed import composed, installed
from shared.errors import Problem, TooLarge, TooManyRequests, Unavailable
from shared.http.problems import body_of, unknown_address
from shared.tabular.read import MAX_FILE
from shared.web.problems import respond_outside

_MEGABYTES = MAX_FILE // 2**20 + 2
"""The largest body: a spreadsheet, which the service itself bounds more tightly."""
HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Route:
    """A path prefix and the service that answers below it."""

    prefix: str
    service: str

    @property
    def pattern(self) -> str:
        """A regular expression for the prefix itself and everything below it."""
        return "^" + self.prefix.replace(".", r"\.") + "(/|$)"


def routes() -> list[Route]:
    """Every prefix of every service; the longest first, as the first match wins."""
    found = [Route(prefix, name) for name in installed() for prefix in composed(name).prefixes]
    return sorted(found, key=lambda route: -len(route.prefix))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway says by itself, as services do: a document for programs, a page for browsers."""

    name: str
    when: str
    """nginx's own statuses that lead to it."""
    problem: Problem

    @property
    def retry_after(self) -> int | None:
        """Seconds to wait before asking again."""
        return self.problem.extra.get("retry_after")

    @property
    def document(self) -> str:
        """As problem+json."""
        return json.dumps(body_of(self.problem), ensure_ascii=False)

    @property
    def page(self) -> bytes:
        """As HTML, for a stranger, whatever the address."""
        return bytes(respond_outside(_anybody(), self.problem).body)


def _anybody() -> Request:
    """A browser at the gateway, at an address that is not known while pages are made."""
    headers = [(b"x-forwarded-proto", b"https")]
    return Request({"type": "http", "method": "GET", "path": "", "query_string": b"", "headers": headers})


def answers() -> list[Answer]:
    """Everything the gateway refuses by itself."""
    away = Unavailable(
        "Layanan ini sedang tidak dapat dihubungi.",
        remedy="Coba lagi sebentar; bagian lain tetap dapat dipakai.",
        retry_after=2,
    )
    large = TooLarge(
        f"Kiriman ini lebih besar dari {_MEGABYTES} MB.", remedy="Kecilkan berkasnya, lalu kirim lagi."
    )
    often = TooManyRequests(
        "Terlalu banyak permintaan dari alamat ini.", remedy="Coba lagi sebentar.", retry_after=1
    )
    return [
        Answer("tidak_ada", "404", unknown_address()),
        Answer("terlalu_besar", "413", large),
        Answer("sering", "429", often),
        Answer("jauh", "502 504", away),
    ]


def headers() -> dict[str, str]:
    """What keeps a page safe, as the services send it."""
    sent = respond_outside(_anybody(), unknown_address()).headers
    of_one_answer = {"content-type", "content-length", "vary"}
    return {name: value for name, value in sent.items() if name not in of_one_answer}


def configuration() -> str:
    """The whole of `nginx.conf`."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 -- not HTML
    )
    told = answers()
    refusals = " ".join(
        f"error_page {one.when} ={one.problem.status} /.galat/{one.name}.$bentuk;" for one in told
    )
    return environment.get_template("nginx.conf.j2").render(
        routes=routes(),
        services=installed(),
        megabytes=_MEGABYTES,
        answers=told,
        refusals=refusals,
        headers=headers(),
    )


def main() -> None:
    """Entry point of `python -m deploy.gateway.render FOLDER`: what goes to `/etc/ekinerja`."""
    folder = Path(sys.argv[1])
    (folder / ".galat").mkdir(parents=True)
    (folder / "nginx.conf").write_text(configuration(), encoding="utf-8")
    for answer in answers():
        (folder / ".galat" / f"{answer.name}.json").write_text(answer.document, encoding="utf-8")
        (folder / ".galat" / f"{answer.name}.html").write_bytes(answer.page)


if __name__ == "__main__":
    main()
