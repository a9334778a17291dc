"""HTTP the house way: guarded routes, one way to read, one way to write, problems for people."""

from shared.http.app import accepts, create_app, router
from shared.http.context import Read, Reader, Write, Writer
from shared.http.paging import MAX_LIMIT, Page, decode_cursor, encode_cursor, page

__all__ = [
    "MAX_LIMIT",
    "Page",
    "Read",
    "Reader",
    "Write",
    "Writer",
    "accepts",
    "create_app",
    "decode_cursor",
    "encode_cursor",
    "page",
    "router",
]
