"""How lines of the log look: for people as name=value, or for programs as JSON.

One record is one line, and no text from outside can end it or write another: control characters are escaped, and lines
of tracebacks, which may repeat such text, are indented.
"""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from config.monitoring.request_id import current_request_id

SECRET_PARTS = {"key", "token", "uidb64"}  # parts of addresses that open what they name
MAX_PATH_LENGTH = 300  # characters
PLAIN = re.compile(r"[^\s\"'=\\]+")  # needs no quotation marks


def printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


def safe_path(request: HttpRequest) -> str:
    """The path as a log may hold it."""
    path = request.path
    for name, value in (request.resolver_match.kwargs if request.resolver_match else {}).items():
        if name in SECRET_PARTS:
            path = path.replace(str(value), "…")
    return path if len(path) <= MAX_PATH_LENGTH else path[:MAX_PATH_LENGTH] + "…"


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Names and values of an event; of any other record its message."""
    fields = getattr(record, "fields", None)
    if fields is None:
        fields = {"message": record.getMessage()}
    request_id = current_request_id.get()
    return {**fields, "id": request_id} if request_id else fields


def time_of(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class LineFormatter(logging.Formatter):
    """2026-11-28T08:00:35.123Z INFO request method=GET path=/compare/ status=200 …"""

    def format(self, record: logging.LogRecord) -> str:
        name = record.getMessage() if hasattr(record, "fields") else record.name
        pairs = (f"{name}={_quoted(value)}" for name, value in fields_of(record).items() if value is not None)
        line = " ".join([time_of(record), record.levelname, printable(name), *pairs])
        if not record.exc_info:
            return line
        trace = self.formatException(record.exc_info).splitlines()
        return "\n".join([line, *(f"    {printable(row)}" for row in trace)])


def _quoted(value: Any) -> str:
    text = printable(str(value))
    return text if PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"time": time_of(record), "level": record.levelname.lower(), "logger": record.name}
        if hasattr(record, "fields"):
            line["event"] = record.getMessage()
        line |= fields_of(record)
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)  # in ASCII, so nothing in it ends a line


FORMATTERS = {"line": LineFormatter, "json": JsonFormatter}


class OneLineForRequest(logging.Filter):
    """Drops Django's own lines on answers, which the request's line repeats; the traceback of an error stays."""

    def filter(self, record: logging.LogRecord) -> bool:
        request, status = getattr(record, "request", None), getattr(record, "status_code", None)
        if request is None or status is None:
            return True
        if status >= 500 and record.exc_info:
            record.msg, record.args = "An error at %s", (safe_path(request),)
            return True
        if status != 404:
            request.refusal = refusal(record)
        return False


def refusal(record: logging.LogRecord) -> str:
    """Why a request was refused, in a word or two; not what was sent."""
    if record.name == "django.security.csrf" and isinstance(record.args, tuple):
        return f"CSRF: {record.args[0]}"
    if record.name.startswith("django.security."):
        return record.name.removeprefix("django.security.")
    if record.exc_info and record.exc_info[0]:
        return record.exc_info[0].__name__
    return ""
