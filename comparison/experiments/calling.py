"""Calls applications in the same process, by their interface alone: no socket and no server takes part.

Standard library alone, like `spec`.
"""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Headers = Mapping[str, str]
Repeat = Callable[[int], "Answer"]  # makes the same request so many times and returns the last answer
HOST = "localhost"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The header's value, or of several the first; empty when there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


class Caller(Protocol):
    """Makes requests to an application."""

    def prepare(self, method: str, path: str, headers: Headers | None = None, body: bytes = b"") -> Repeat: ...


def call(caller: Caller, path: str, method: str = "GET", headers: Headers | None = None, body: bytes = b"") -> Answer:
    """One request."""
    return caller.prepare(method, path, headers, body)(1)


def caller(application: Any, interface: str) -> Caller:
    return {"wsgi": WsgiCaller, "asgi": AsgiCaller}[interface](application)


class WsgiCaller:
    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def prepare(self, method: str, path: str, headers: Headers | None = None, body: bytes = b"") -> Repeat:
        environ = wsgi_environ(method, path, headers or {}, body)
        application = self.application
        started: list[Any] = []
        written: list[bytes] = []  # by the old way of answering, which the interface still allows

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[..., Any]:
            started[:] = [status, headers]
            return written.append

        def repeat(times: int) -> Answer:
            content = b""
            for _ in range(times):
                written.clear()
                parts = application({**environ, "wsgi.input": io.BytesIO(body)}, start_response)
                content = b"".join([*written, *parts])
                if close := getattr(parts, "close", None):
                    close()
            return Answer(int(started[0][:3]), tuple(started[1]), content)

        return repeat


def wsgi_environ(method: str, path: str, headers: Headers, body: bytes) -> dict[str, Any]:
    path, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": HOST,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if body or method in ("POST", "PUT", "PATCH"):
        environ["CONTENT_LENGTH"] = str(len(body))
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return environ


class AsgiCaller:
    """Keeps one event loop, and makes the requests of a repetition inside it one after another."""

    def __init__(self, application: Callable[..., Awaitable[None]]) -> None:
        self.application = application
        self.loop = asyncio.new_event_loop()

    def prepare(self, method: str, path: str, headers: Headers | None = None, body: bytes = b"") -> Repeat:
        scope = asgi_scope(method, path, headers or {}, body)
        application = self.application
        messages: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            messages.append(message)

        async def requests(times: int) -> None:
            for _ in range(times):
                messages.clear()
                unread = [{"type": "http.request", "body": body, "more_body": False}]

                async def receive(unread: list[dict[str, Any]] = unread) -> dict[str, Any]:
                    return unread.pop() if unread else {"type": "http.disconnect"}

                await application({**scope, "state": {}}, receive, send)

        def repeat(times: int) -> Answer:
            self.loop.run_until_complete(requests(times))
            start = next(message for message in messages if message["type"] == "http.response.start")
            pairs = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"])
            parts = (message.get("body", b"") for message in messages if message["type"] == "http.response.body")
            return Answer(start["status"], pairs, b"".join(parts))

        return repeat


def asgi_scope(method: str, path: str, headers: Headers, body: bytes) -> dict[str, Any]:
    path, _, query = path.partition("?")
    names = {"Host": HOST, **({"Content-Length": str(len(body))} if body else {}), **headers}
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in names.items()],
        "client": ("127.0.0.1", 50000),
        "server": (HOST, 80),
    }
