"""nginx's configuration from what the services themselves say about their paths."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import jinja2

from services.installed import composed, installed
from shared.errors import NotFound, Problem, TooLarge, TooManyRequests, Unavailable
from shared.http.problems import body_of
from shared.tabular.read import MAX_FILE

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
    """What the gateway says by itself, in the form all services use."""

    status: int
    text: str
    retry_after: int | None


def answers(megabytes: int) -> dict[str, Answer]:
    """By the name of the location that gives them."""
    told: dict[str, Problem] = {
        "tidak_ada": NotFound("Alamat ini tidak ada.", remedy="Periksa kembali alamatnya."),
        "terlalu_besar": TooLarge(
            f"Kiriman ini lebih besar dari {megabytes} MB.", remedy="Kecilkan berkasnya, lalu kirim lagi."
        ),
        "sering": TooManyRequests(
            "Terlalu banyak permintaan dari alamat ini.", remedy="Coba lagi sebentar.", retry_after=1
        ),
        "jauh": Unavailable(
            "Layanan ini sedang tidak dapat dihubungi.",
            remedy="Coba lagi sebentar; bagian lain tetap dapat dipakai.",
            retry_after=2,
        ),
    }
    return {
        name: Answer(
            problem.status, json.dumps(body_of(problem), ensure_ascii=False), problem.extra.get("retry_after")
        )
        for name, problem in told.items()
    }


def render() -> str:
    """The whole configuration."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 -- not HTML
    )
    return environment.get_template("nginx.conf.j2").render(
        routes=routes(), services=installed(), megabytes=_MEGABYTES, answers=answers(_MEGABYTES)
    )


def main() -> None:
    """Entry point of `python -m deploy.gateway.render FILE`."""
    Path(sys.argv[1]).write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
