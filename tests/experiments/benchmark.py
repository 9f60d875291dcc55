"""The applications that are timed, without a framework."""

import html
import json
import random
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from comparison.experiments import techempower
from comparison.experiments.measuring import PROTECTION

Result = tuple[int, str, str]
TEXT, JSON, HTML = "text/plain", "application/json", "text/html; charset=utf-8"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Everything at its address, right."""
    status, content_type, body = answer(environ)
    start_response(f"{status} ", [("Content-Type", content_type), *((name, "on") for name in PROTECTION)])
    return [body.encode()]


def answer(environ: dict[str, Any]) -> Result:
    if environ["HTTP_HOST"].partition(":")[0] not in ("localhost", "127.0.0.1"):
        return 400, TEXT, "foreign host"
    count = int(parse_qs(environ["QUERY_STRING"]).get("queries", ["1"])[0])
    ids = sorted(random.sample(range(1, techempower.WORLDS + 1), count))
    match environ["PATH_INFO"]:
        case "/plaintext":
            return 200, TEXT, techempower.GREETING
        case "/json":
            return 200, JSON, json.dumps({"message": techempower.GREETING})
        case "/db":
            return 200, JSON, json.dumps(techempower.stored_worlds(Path(), ids)[0])
        case "/queries":
            return 200, JSON, json.dumps(techempower.stored_worlds(Path(), ids))
        case "/rows":
            return 200, JSON, json.dumps(techempower.stored_worlds(Path(), range(1, 101)))
        case "/updates":
            return 200, JSON, json.dumps(updated(ids))
    return other_answer(environ)


def other_answer(environ: dict[str, Any]) -> Result:
    match environ["PATH_INFO"]:
        case "/fortunes":
            return 200, HTML, page(["id", "message"], sorted_fortunes())
        case "/table":
            return 200, HTML, page(list(techempower.large_table()[0]), techempower.large_table())
        case "/upload":
            return upload(environ)
    return api(environ)


def updated(ids: Iterable[int]) -> list[dict[str, int]]:
    worlds = [{"id": number, "randomNumber": random.randint(1, techempower.WORLDS)} for number in ids]
    with closing(sqlite3.connect(techempower.DATABASE)) as connection, connection:
        connection.executemany("UPDATE World SET randomNumber = :randomNumber WHERE id = :id", worlds)
    return worlds


def sorted_fortunes() -> list[dict[str, object]]:
    rows = [*enumerate(techempower.FORTUNES, 1), (0, techempower.ADDED_FORTUNE)]
    return [{"id": number, "message": message} for number, message in sorted(rows, key=lambda row: row[1])]


def page(names: list[str], rows: Iterable[Mapping[str, object]]) -> str:
    cells = [[shown(row[name]) for name in names] for row in rows]
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in [names, *cells])
    return f"<!DOCTYPE html><title>A table</title><table>{body}</table>"


def shown(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else html.escape(str(value))


def upload(environ: dict[str, Any]) -> Result:
    body = environ["wsgi.input"].read()
    if environ["REQUEST_METHOD"] != "POST" or not body:
        return 400, TEXT, "no file"
    content = body.split(b"\r\n\r\n", 1)[1].rpartition(b"\r\n--")[0]
    return 200, TEXT, f"notes.txt {len(content)}"


def api(environ: dict[str, Any]) -> Result:
    if environ["REQUEST_METHOD"] != "PUT":
        return 405, TEXT, "PUT alone"
    if "HTTP_AUTHORIZATION" not in environ:
        return 401, TEXT, "who are you?"
    _, _, _, user, _, record = environ["PATH_INFO"].split("/")
    query = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
    data = json.loads(environ["wsgi.input"].read())
    return 200, JSON, json.dumps({"params": {"user": int(user), "record": int(record)}, "query": query, "data": data})
