"""Calls applications in the same process, by their interface alone: no socket and no server takes part.

A framework that is neither WSGI nor ASGI brings a module with its adapter that does the same for its own interface.

Standard library alone, like `spec`.
"""

import asyncio
import importlib
import io
import json
import re
import weakref
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from queue import SimpleQueue
from threading import Event, Semaphore, Thread
from typing import Any, Generic, Protocol, TypeVar, cast
from urllib.parse import urlencode

from comparison.experiments.spec import STANDARD_INTERFACES

Headers = Mapping[str, str]
Repeat = Callable[[int], "Answer"]  # makes the same request so many times and returns the last answer
SendPiece = Callable[[bytes], None]
Response = TypeVar("Response")  # what an interface gives for a request, before it is read as an answer
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


class OwnInterface(Protocol):
    """What the module of an adapter holds whose framework is neither WSGI nor ASGI."""

    def caller(self, application: Any) -> Caller: ...

    def pieces(self, application: Any, path: str) -> Iterator[bytes]:
        """The pieces of an answer, each as soon as the application sends it."""

    def send_word(self, application: Any, path: str, word: str) -> str:
        """Opens a WebSocket, sends the word and returns the first that comes back."""

    def serve(self, application: Any, port: int) -> None:
        """By the framework's own server, until the process ends."""


def call(caller: Caller, path: str, method: str = "GET", headers: Headers | None = None, body: bytes = b"") -> Answer:
    """One request."""
    return caller.prepare(method, path, headers, body)(1)


def caller(application: Any, interface: str) -> Caller:
    if interface not in STANDARD_INTERFACES:
        return own(interface).caller(application)
    return WsgiCaller(application) if interface == "wsgi" else AsgiCaller(application)


def own(interface: str) -> OwnInterface:
    return cast(OwnInterface, importlib.import_module(interface))


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
        "wsgi.input": io.BytesIO(body),
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


class AsyncCaller(ABC, Generic[Response]):
    """Keeps one event loop, and makes the requests of a repetition inside it one after another."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        weakref.finalize(self, self.loop.close)

    @abstractmethod
    def request(self, method: str, path: str, headers: Headers, body: bytes) -> Callable[[], Awaitable[Response]]:
        """A function that makes this request each time it is called."""

    @abstractmethod
    def answer(self, response: Response) -> Answer: ...

    def prepare(self, method: str, path: str, headers: Headers | None = None, body: bytes = b"") -> Repeat:
        request = self.request(method, path, headers or {}, body)

        async def requests(times: int) -> Response:
            for _ in range(times - 1):
                await request()
            return await request()

        return lambda times: self.answer(self.loop.run_until_complete(requests(times)))

    def at_once(self, path: str, times: int) -> None:
        """Makes so many requests that wait for one another only where the application lets them."""
        request = self.request("GET", path, {}, b"")

        async def requests() -> None:
            await asyncio.gather(*(request() for _ in range(times)))

        self.loop.run_until_complete(requests())


class AsgiCaller(AsyncCaller[list[dict[str, Any]]]):
    def __init__(self, application: Callable[..., Awaitable[None]]) -> None:
        super().__init__()
        self.application = application

    def request(
        self, method: str, path: str, headers: Headers, body: bytes
    ) -> Callable[[], Awaitable[list[dict[str, Any]]]]:
        scope = asgi_scope(method, path, headers, body)

        async def make() -> list[dict[str, Any]]:
            messages: list[dict[str, Any]] = []

            async def send(message: dict[str, Any]) -> None:
                messages.append(message)

            await self.application({**scope, "state": {}}, _receive(body), send)
            return messages

        return make

    def answer(self, response: list[dict[str, Any]]) -> Answer:
        return _read(response)


def _read(messages: list[dict[str, Any]]) -> Answer:
    """The answer that an ASGI application sent."""
    start = next(message for message in messages if message["type"] == "http.response.start")
    pairs = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"])
    parts = (message.get("body", b"") for message in messages if message["type"] == "http.response.body")
    return Answer(start["status"], pairs, b"".join(parts))


def _receive(body: bytes, whole: asyncio.Event | None = None) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Gives the whole body at once; after that the client stays until the answer is whole, if that is ever said."""
    unread = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if unread:
            return unread.pop()
        await (whole or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    return receive


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


class Visitor:
    """Keeps the cookies that it is sent, as a browser does."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, method: str = "GET", headers: Headers | None = None, body: bytes = b"") -> Answer:
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        answer = call(self.caller, path, method, {**sent, **(headers or {})}, body)
        for line in answer.all("Set-Cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def send(self, path: str, fields: Mapping[str, str], headers: Headers | None = None) -> Answer:
        """Sends a form."""
        form = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self.ask(path, "POST", form, urlencode(fields).encode())

    def fill_in(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Opens the page with a form and sends it with its hidden fields, such as a token."""
        hidden = {}
        for element in re.findall(r"<input[^>]*>", self.ask(path).text):
            attributes = dict(re.findall(r"([\w-]+)=[\"']([^\"']*)", element))
            if attributes.get("type") == "hidden":
                hidden[attributes["name"]] = unescape(attributes.get("value", ""))
        return self.send(path, {**hidden, **fields})


def pieces(application: Any, interface: str, path: str) -> Iterator[bytes]:
    """The pieces of an answer, each as soon as the application sends it."""
    if interface not in STANDARD_INTERFACES:
        return own(interface).pieces(application, path)
    if interface == "wsgi":
        return iter(application(wsgi_environ("GET", path, {}, b""), lambda *_: None))
    return _asgi_pieces(application, path)


def _asgi_pieces(application: Any, path: str) -> Iterator[bytes]:
    """Some applications end only when the client has left, which servers tell them once the answer is whole."""

    async def answer(send_piece: SendPiece) -> None:
        whole = asyncio.Event()

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.body":
                send_piece(message.get("body", b""))
                if not message.get("more_body"):
                    whole.set()

        await application(asgi_scope("GET", path, {}, b""), _receive(b"", whole), send)

    return taken_one_by_one(lambda send_piece: asyncio.run(answer(send_piece)))


def taken_one_by_one(run: Callable[[SendPiece], None]) -> Iterator[bytes]:
    """The pieces that `run` sends, in a thread that stops after each piece until it was taken."""
    queue: SimpleQueue[bytes | None] = SimpleQueue()
    taken = Semaphore(0)

    def send(piece: bytes) -> None:
        queue.put(piece)
        taken.acquire()

    def run_to_the_end() -> None:
        try:
            run(send)
        finally:
            queue.put(None)

    Thread(target=run_to_the_end, daemon=True).start()
    while (piece := queue.get()) is not None:
        yield piece
        taken.release()


def ask_and_leave(application: Any, path: str, seconds: float = 5) -> bool:
    """Asks an ASGI application, and says whether its answer was whole in time; what it does afterwards goes on."""
    whole = Event()
    loop = asyncio.new_event_loop()

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body"):
            whole.set()

    Thread(target=loop.run_forever, daemon=True).start()
    asyncio.run_coroutine_threadsafe(application(asgi_scope("GET", path, {}, b""), _receive(b""), send), loop)
    return whole.wait(seconds)


def answer_as_served(application: Any, path: str, headers: Headers) -> Answer:
    """The answer of an ASGI application, also where it raises an error after it has sent a page about it."""
    messages: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    async def request() -> None:
        await asyncio.wait([asyncio.ensure_future(application(scope, _receive(b""), send))])

    scope = asgi_scope("GET", path, headers, b"")
    asyncio.run(request())
    return _read(messages)
