"""Whose word about a caller's address counts: that of the named gateways, and nobody else's."""

import asyncio
import socket

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from shared.runtime.host import configuration


async def _who(request: Request) -> Response:
    return PlainTextResponse(request.client.host if request.client else "")


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [
        ("", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9"),
        ("192.0.2.1, 127.0.0.0/8", "203.0.113.9"),
        ("192.0.2.1", "127.0.0.1"),
    ],
)
async def test_a_forwarded_address_is_believed_from_named_gateways_only(proxies: str, seen: str) -> None:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    app = Starlette(routes=[Route("/", _who)])
    server = uvicorn.Server(configuration(app, host="127.0.0.1", port=0, proxies=proxies))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        async with asyncio.timeout(20), httpx2.AsyncClient(trust_env=False) as client:
            while not server.started:
                await asyncio.sleep(0.01)
            # What a caller claims stands before what the gateway saw.
            headers = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
            answer = await client.get(f"http://127.0.0.1:{listener.getsockname()[1]}/", headers=headers)
    finally:
        server.should_exit = True
        await task
    assert answer.text == seen
