"""The Model Context Protocol over two streams: JSON-RPC 2.0, one message a line (modelcontextprotocol.io).

Written here rather than taken from the protocol's own package, which would bring 27 others for these four methods; see
docs/mcp.md.
"""

import json
from typing import IO, Any

from django.db import close_old_connections
from django.http import Http404

from comparison.files.json_types import Json
from comparison.mcp.arguments import BadArguments
from comparison.mcp.tools import TOOLS, absolute
from comparison.web.lookups import Unknown
from comparison.web.pagination import BadPage
from comparison.web.problems import UNAVAILABLE
from config.databases.time_limits import REQUEST_SECONDS, statement_limit
from config.monitoring.database_faults import DATABASE_ERRORS

VERSIONS = ("2025-11-25", "2025-06-18", "2024-11-05")  # of the protocol, newest first
MAX_LINE = 1_000_000  # bytes of a message
MAX_ANSWER = 400_000  # characters of an answer
PARSE_ERROR, INVALID_REQUEST, NO_METHOD, INVALID_PARAMS = -32700, -32600, -32601, -32602
INSTRUCTIONS = (
    "A comparison of frameworks in which every verdict rests on claims with sources. Give the sources with what you "
    "say, and both sides where a verdict is disputed. “no evidence” never means no: nobody said anything. `position` "
    "(−1 to +1) is what the sources say, `strength` (0 to 1) how much is known. Claims that checks found false, "
    "outdated or misleading do not count. Begin with `search`, or with `catalogue` for the slugs."
)


class Refused(ValueError):
    """A message that gets an error of the protocol."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Server:
    """Answers messages. `site` is put before the paths of pages; `name` and `version` say who answers."""

    def __init__(self, name: str, version: str, site: str = "") -> None:
        self.name, self.version, self.site = name, version, site.rstrip("/")

    def serve(self, received: IO[bytes], sent: IO[bytes]) -> None:
        """Answers line by line until the other side ends."""
        while line := received.readline(MAX_LINE + 1):
            close_old_connections()  # as before each request of the site: hours may have passed
            is_cut = len(line) > MAX_LINE
            while is_cut and line and not line.endswith(b"\n"):
                line = received.readline(MAX_LINE)
            answer = self.answer(b"" if is_cut else line) if is_cut or line.strip() else None
            if answer is not None:
                sent.write(json.dumps(answer, ensure_ascii=False, allow_nan=False).encode() + b"\n")
                sent.flush()

    def answer(self, line: bytes) -> Json | None:
        """The answer to a message; None for notifications and answers, which get none."""
        key: Any = None
        try:
            message = _parsed(line)
            if "method" not in message and ("result" in message or "error" in message):
                return None
            key = _key(message)
            if "id" not in message:
                return None
            return {"jsonrpc": "2.0", "id": key, "result": self._result(message["method"], _params(message))}
        except Refused as refused:
            error = {"code": refused.code, "message": str(refused)}
            return {"jsonrpc": "2.0", "id": key, "error": error}

    def _result(self, method: str, params: Json) -> Json:
        match method:
            case "initialize":
                return self._initialized(params)
            case "ping":
                return {}
            case "tools/list":
                return {"tools": [tool.described for tool in TOOLS.values()]}
            case "tools/call":
                return self._called(params)
        known = "initialize, ping, tools/list and tools/call"
        raise Refused(NO_METHOD, f"There is no method {method[:60]}; this server knows {known}.")

    def _initialized(self, params: Json) -> Json:
        wanted = params.get("protocolVersion")
        return {
            "protocolVersion": wanted if wanted in VERSIONS else VERSIONS[0],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": self.name, "version": self.version},
            "instructions": INSTRUCTIONS,
        }

    def _called(self, params: Json) -> Json:
        name, arguments = params.get("name"), params.get("arguments") or {}
        tool = TOOLS.get(name) if isinstance(name, str) else None
        if tool is None:
            raise Refused(INVALID_PARAMS, f"There is no tool {str(name)[:60]}. Known: {', '.join(TOOLS)}.")
        if not isinstance(arguments, dict):
            raise Refused(INVALID_PARAMS, "arguments: give an object.")
        try:
            with statement_limit(REQUEST_SECONDS):
                data = absolute(tool.call(arguments), self.site)
        except Unknown as problem:
            return _text(problem.with_hint, is_error=True)
        except (BadArguments, BadPage, Http404) as problem:
            return _text(str(problem), is_error=True)
        except DATABASE_ERRORS:
            return _text(UNAVAILABLE, is_error=True)
        text = json.dumps(data, ensure_ascii=False, allow_nan=False)
        if len(text) > MAX_ANSWER:
            return _text(f"The answer has {len(text)} characters; at most {MAX_ANSWER} are sent. Ask for less.", True)
        return _text(text) | {"structuredContent": data}


def _text(text: str, is_error: bool = False) -> Json:
    return {"content": [{"type": "text", "text": text}], "isError": is_error}


def _with_whole_characters(message: Any) -> Any:
    """Half a character, as a program leaves that cuts a text within an emoji, becomes the sign for an unknown one."""
    text = json.dumps(message, ensure_ascii=False)
    return json.loads(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))


def _parsed(line: bytes) -> Json:
    if not line:
        raise Refused(INVALID_REQUEST, f"The message is too long; at most {MAX_LINE} bytes are read.")
    try:
        message = _with_whole_characters(json.loads(line))
    except (ValueError, RecursionError):
        raise Refused(PARSE_ERROR, "The message is no JSON in UTF-8 on one line.") from None
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        raise Refused(INVALID_REQUEST, "A message is one object with jsonrpc 2.0; lists of messages are not read.")
    return message


def _key(message: Json) -> str | int | None:
    key = message.get("id")
    if "id" in message and (isinstance(key, bool) or not isinstance(key, str | int)):
        raise Refused(INVALID_REQUEST, "id: give a text or a whole number.")
    if not isinstance(message.get("method"), str):
        raise Refused(INVALID_REQUEST, "method: give a text.")
    return key


def _params(message: Json) -> Json:
    params = message.get("params", {})
    if not isinstance(params, dict):
        raise Refused(INVALID_PARAMS, "params: give an object.")
    return params
