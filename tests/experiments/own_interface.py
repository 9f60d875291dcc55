"""Stands in for a framework that is neither WSGI nor ASGI: its applications take a path and give pieces of text."""

from collections.abc import Callable, Iterable, Iterator
from wsgiref.simple_server import make_server

from comparison.experiments import calling
from comparison.experiments.calling import Answer, AsyncCaller, Headers

Application = Callable[[str], Iterable[bytes]]
JSON = ("Content-Type", "application/json")


class Caller(AsyncCaller[bytes]):
    def __init__(self, application: Application) -> None:
        super().__init__()
        self.application = application

    def request(self, method: str, path: str, headers: Headers, body: bytes):
        async def make() -> bytes:
            return b"".join(self.application(path))

        return make

    def answer(self, response: bytes) -> Answer:
        return Answer(200, (JSON,), response)


def caller(application: Application) -> Caller:
    return Caller(application)


def pieces(application: Application, path: str) -> Iterator[bytes]:
    def send_all(send: calling.SendPiece) -> None:
        for piece in application(path):
            send(piece)

    return calling.taken_one_by_one(send_all)


def send_word(application: Application, path: str, word: str) -> str:
    return b"".join(application(path)).decode() or word


def serve(application: Application, port: int) -> None:
    def wsgi(environ, start_response):
        start_response("200 OK", [JSON])
        return application(environ["PATH_INFO"])

    make_server("127.0.0.1", port, wsgi).serve_forever()


def application(path: str) -> Iterable[bytes]:
    return [b'{"message": ', b'"Hello, World!"}']
