"""Calls the framework's applications by the interface that its own server uses, tornado.httputil.

A request is handed over with its header fields parsed, and an answer is taken before they are written: as with WSGI and
ASGI, reading and writing HTTP are no part of the time. What the application does with a request is, from the search for
its handler on; so is its line for the log, as it is at the default level.
"""

import asyncio
from types import SimpleNamespace

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPConnection, HTTPHeaders, RequestStartLine
from tornado.testing import bind_unused_port
from tornado.websocket import websocket_connect

from comparison.experiments.calling import HOST, Answer, AsyncCaller, taken_one_by_one

from .server import serve

__all__ = ["caller", "pieces", "send_word", "serve"]

CONTEXT = SimpleNamespace(remote_ip="127.0.0.1", protocol="http")


class Connection(HTTPConnection):
    """Keeps what the application writes."""

    context = CONTEXT

    def __init__(self, loop, take=None):
        self.chunks = []
        self.take = take or self.chunks.append
        self.finished = loop.create_future()
        self.written = loop.create_future()
        self.written.set_result(None)

    def set_close_callback(self, callback):
        pass

    def write_headers(self, start_line, headers, chunk=None):
        self.start_line, self.headers = start_line, headers
        return self.write(chunk) if chunk else self.written

    def write(self, chunk):
        self.take(chunk)
        return self.written

    def finish(self):
        self.finished.set_result(None)


class Caller(AsyncCaller):
    def __init__(self, application):
        super().__init__()
        self.application = application

    def request(self, method, path, headers, body):
        start_line, fields = head(method, path, headers, body)

        async def make():
            return await ask(self.application, Connection(self.loop), start_line, fields, body)

        return make

    def answer(self, response):
        return Answer(response.start_line.code, tuple(response.headers.get_all()), b"".join(response.chunks))


def head(method, path, headers, body):
    fields = {"Host": HOST, **headers}
    if body or method in ("POST", "PUT", "PATCH"):
        fields["Content-Length"] = str(len(body))
    return RequestStartLine(method, path, "HTTP/1.1"), HTTPHeaders(fields)


async def ask(application, connection, start_line, headers, body):
    delegate = application.start_request(None, connection)
    delegate.headers_received(start_line, headers)
    if body:
        delegate.data_received(body)
    delegate.finish()
    await connection.finished
    return connection


def caller(application):
    return Caller(application)


def pieces(application, path):
    async def send_all(send):
        connection = Connection(asyncio.get_running_loop(), send)
        await ask(application, connection, *head("GET", path, {}, b""), b"")

    return taken_one_by_one(lambda send: asyncio.run(send_all(send)))


def send_word(application, path, word):
    return asyncio.run(sent_back(application, path, word))


async def sent_back(application, path, word):
    """A WebSocket takes its connection over, so that a real one is needed."""
    socket, port = bind_unused_port()
    server = HTTPServer(application)
    server.add_sockets([socket])
    connection = await websocket_connect(f"ws://127.0.0.1:{port}{path}")
    await connection.write_message(word)
    return await connection.read_message()
