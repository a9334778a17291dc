"""The process that sets slips: one JSON document a line comes in, one PDF goes out. Runs by path, alone.

Answers are framed: `+` or `-`, ten digits of length, then the PDF or the reason. Template and fonts are
loaded once; nothing but the template's folder can be read by a document.
"""

import json
import sys
from pathlib import Path
from typing import BinaryIO

import segno
import typst

_FOLDER = Path(__file__).parent
_MEMORY = 1024 * 1024 * 1024


def _limit() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    except (ImportError, ValueError, OSError):
        return


def qr(text: str) -> str:
    """A QR code as SVG without margin; medium error correction survives a fold in the paper."""
    return str(segno.make(text, error="m", micro=False).svg_inline(scale=4, border=0, omitsize=True))


class Penyusun:
    """The compiled template."""

    def __init__(self) -> None:
        self._compiler = typst.Compiler(
            str(_FOLDER / "slip.typ"), root=str(_FOLDER), ignore_system_fonts=True
        )

    def susun(self, document: dict[str, object]) -> bytes:
        """One PDF. Raises typst.TypstError when the document does not fit the template."""
        if document.get("periksa"):
            document["qr"] = qr(str(document["periksa"]))
        made = self._compiler.compile(format="pdf", sys_inputs={"data": json.dumps(document)})
        assert isinstance(made, bytes)
        return made


def layani(source: BinaryIO, target: BinaryIO) -> None:
    """Answer every line until the input ends."""
    penyusun = Penyusun()
    for line in source:
        try:
            mark, body = b"+", penyusun.susun(json.loads(line))
        except (typst.TypstError, ValueError, KeyError, AssertionError) as error:
            mark, body = b"-", str(error).encode()[:2000]
        target.write(mark + b"%010d" % len(body) + body)
        target.flush()


if __name__ == "__main__":
    _limit()
    layani(sys.stdin.buffer, sys.stdout.buffer)
