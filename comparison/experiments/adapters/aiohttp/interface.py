"""Calls the framework's applications as its own server does, once a request is read and before an answer is written.

A request is handed over as the message that the server's parser makes, and an answer is taken as the server's writer
gets it: as with WSGI and ASGI, reading and writing HTTP are no part of the time. What the application does with a
request is, from making the request object on; so are errors and the end of the answer, which the server's protocol
handles.
"""

import asyncio
from functools import cache

from aiohttp import test_utils, web_fileresponse
from aiohttp.abc import AbstractStreamWriter
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpVersion11, RawRequestMessage
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader
from aiohttp.web import AppRunner
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from comparison.experiments.calling import HOST, Answer, AsyncCaller, taken_one_by_one

from .server import serve

__all__ = ["caller", "pieces", "send_word", "serve"]

BUFFER = 2**16  # bytes, as the server has it
web_fileresponse.NOSENDFILE = True  # there is no socket that the system could send a file to


class Writer(AbstractStreamWriter):
    """Keeps what the application writes."""

    def __init__(self, take=None):
        self.chunks = []
        self.take = take or self.chunks.append

    async def write_headers(self, status_line, headers):
        self.status_line, self.headers = status_line, headers

    async def write(self, chunk):
        self.output_size += len(chunk)
        self.take(chunk)

    async def write_eof(self, chunk=b""):
        if chunk:
            await self.write(chunk)

    async def drain(self):
        pass

    def enable_compression(self, encoding="deflate", strategy=None):
        raise NotImplementedError

    def enable_chunking(self):
        pass


class Transport(asyncio.Transport):
    """A connection that nothing is sent on."""

    def __init__(self):
        super().__init__({"peername": ("127.0.0.1", 50000), "sockname": ("127.0.0.1", 80)})

    def is_closing(self):
        return False

    def pause_reading(self):
        pass

    def resume_reading(self):
        pass


class WholeBody(BaseProtocol):
    """Where a body comes from that is there already: nothing waits for it to be read."""

    def pause_reading(self):
        self._reading_paused = True

    def resume_reading(self, resume_parser=True):
        self._reading_paused = False


class Caller(AsyncCaller):
    def __init__(self, application):
        super().__init__()
        self.protocol = self.loop.run_until_complete(start(application))

    def request(self, method, path, headers, body):
        message = read_message(method, path, headers, body)

        async def make():
            writer = Writer()
            await ask(self.protocol, message, body, writer)
            return writer

        return make

    def answer(self, response):
        status = int(response.status_line.split()[1])
        return Answer(status, tuple(response.headers.items()), b"".join(response.chunks))


async def start(application):
    """The protocol of one connection, from the server that `run_app` would start."""
    runner = AppRunner(application)
    await runner.setup()
    protocol = runner.server()
    protocol.transport = Transport()
    return protocol


def read_message(method, path, headers, body):
    """What the parser makes of a request."""
    fields = {"Host": HOST, **headers}
    if body or method in ("POST", "PUT", "PATCH"):
        fields["Content-Length"] = str(len(body))
    raw = tuple((name.encode(), value.encode()) for name, value in fields.items())
    proxy = CIMultiDictProxy(CIMultiDict(fields))
    return RawRequestMessage(
        method, path, HttpVersion11, proxy, raw, False, None, False, False, URL(path, encoded=True)
    )


async def ask(protocol, message, body, writer):
    payload = EMPTY_PAYLOAD
    if body:
        payload = StreamReader(WholeBody(protocol._loop), BUFFER, loop=protocol._loop)
        payload.feed_data(body)
        payload.feed_eof()
    request = protocol._request_factory(message, payload, protocol, writer, None)
    await protocol._handle_request(request, None, protocol._request_handler)


@cache
def caller(application):
    """The same for an application each time: it belongs to one event loop."""
    return Caller(application)


def pieces(application, path):
    async def send_all(send):
        protocol = await start(application)
        await ask(protocol, read_message("GET", path, {}, b""), b"", Writer(send))

    return taken_one_by_one(lambda send: asyncio.run(send_all(send)))


def send_word(application, path, word):
    return asyncio.run(sent_back(application, path, word))


async def sent_back(application, path, word):
    """A WebSocket takes its connection over, so that a real one is needed."""
    async with test_utils.TestClient(test_utils.TestServer(application)) as client, client.ws_connect(path) as socket:
        await socket.send_str(word)
        return await socket.receive_str()
