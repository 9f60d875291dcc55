"""The protocol: what each message is answered, and what no message can do."""

import json
from io import BytesIO, StringIO, TextIOWrapper
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from comparison.mcp import server as server_module
from comparison.mcp.server import VERSIONS, Server
from comparison.mcp.tools import TOOLS

pytestmark = pytest.mark.django_db
SERVER = Server("Crosscheck", "1.2", "https://example.org/")


@pytest.fixture(autouse=True)
def refreshed(monkeypatch) -> Mock:
    """Leaves the connection of the test open."""
    monkeypatch.setattr(server_module, "close_old_connections", refreshed := Mock())
    return refreshed


def ask(method: str, **params: Any) -> Any:
    """The result of a request."""
    message = {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}
    answer = SERVER.answer(json.dumps(message).encode())
    assert answer is not None
    assert (answer["jsonrpc"], answer["id"]) == ("2.0", 7)
    return answer["result"]


def error(line: bytes) -> tuple[Any, int, str]:
    answer = SERVER.answer(line)
    assert answer is not None
    assert "result" not in answer
    return answer["id"], answer["error"]["code"], answer["error"]["message"]


def test_a_version_of_the_protocol_is_agreed_on() -> None:
    client = {"capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    for wanted in (*VERSIONS, "1999-01-01"):
        result = ask("initialize", protocolVersion=wanted, **client)
        assert result["protocolVersion"] == (wanted if wanted in VERSIONS else VERSIONS[0])
    assert result["serverInfo"] == {"name": "Crosscheck", "version": "1.2"}
    assert result["capabilities"] == {"tools": {}}
    assert "never means no" in result["instructions"]


HALVES = [
    {"method": "tools/call", "params": {"name": "search", "arguments": {"q": "routing \ud83d"}}},
    {"method": "tools/call", "params": {"name": "claims", "arguments": {"q": "\udc00", "framework": "a\ud800b"}}},
    {
        "method": "tools/call",
        "params": {"name": "recommend", "arguments": {"weights": {"\ud83d": 3}, "must": ["\ud83d"]}},
    },
    {"method": "tools/call", "params": {"name": "compare", "arguments": {"frameworks": ["\ud83d"], "\ud83d": 1}}},
    {"method": "tools/call", "params": {"name": "\ud83d", "arguments": {}}},
    {"method": "\ud83d"},
    {"method": "ping", "id": "\ud83d"},
]


@pytest.mark.parametrize("message", HALVES)
def test_half_a_character_is_read_as_an_unknown_one(message) -> None:
    """A program that cuts a text within an emoji leaves one half of it."""
    sent = BytesIO()
    line = json.dumps({"jsonrpc": "2.0", "id": 1, **message}).encode()
    SERVER.serve(BytesIO(line + b"\n"), sent)
    answer = json.loads(sent.getvalue())
    assert answer["id"] in (1, "\N{REPLACEMENT CHARACTER}")
    whole = json.loads(json.dumps({"q": "\U0001f600"}))
    assert server_module._parsed(json.dumps({"jsonrpc": "2.0", "method": "x", "id": whole}).encode())["id"] == whole


def test_a_ping_is_answered() -> None:
    assert ask("ping") == {}


def test_tools_are_listed_with_their_arguments() -> None:
    tools = {tool["name"]: tool for tool in ask("tools/list")["tools"]}
    assert list(tools) == ["catalogue", "search", "compare", "questions", "recommend", "claims"]
    for tool in tools.values():
        assert tool["annotations"] == {"readOnlyHint": True, "idempotentHint": True, "openWorldHint": False}
        schema = tool["inputSchema"]
        assert (schema["type"], schema["additionalProperties"]) == ("object", False)
        assert set(schema.get("required", ())) <= set(schema["properties"])
        assert all(each["description"] and each["type"] for each in schema["properties"].values())
    weights = tools["recommend"]["inputSchema"]["properties"]["weights"]
    assert weights["additionalProperties"] == {"type": "integer", "minimum": 0, "maximum": 3}


def test_notifications_and_answers_get_no_answer() -> None:
    for message in ({"method": "notifications/initialized"}, {"id": 1, "result": {}}, {"id": 1, "error": {}}):
        assert SERVER.answer(json.dumps({"jsonrpc": "2.0", **message}).encode()) is None


NO_REQUESTS: list[tuple[bytes, Any, int, str]] = [  # line, id and code of the answer, words of its message
    (b"{", None, -32700, "no JSON"),
    (b"\xff\xfe", None, -32700, "no JSON"),
    (b"[" * 100_000, None, -32700, "no JSON"),
    (b"[]", None, -32600, "one object"),
    (b"7", None, -32600, "one object"),
    (b'{"id": 1, "method": "ping"}', None, -32600, "jsonrpc 2.0"),
    (b'{"jsonrpc": "2.0", "id": null, "method": "ping"}', None, -32600, "id"),
    (b'{"jsonrpc": "2.0", "id": true, "method": "ping"}', None, -32600, "id"),
    (b'{"jsonrpc": "2.0", "id": 1, "method": 2}', None, -32600, "method"),
    (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/write"}', 1, -32601, "no method tools/write"),
    (b'{"jsonrpc": "2.0", "id": "a", "method": "ping", "params": []}', "a", -32602, "params"),
    (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "delete"}}', 1, -32602, "Known: cat"),
    (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": []}}', 1, -32602, "no tool"),
    (
        b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search", "arguments": [1]}}',
        1,
        -32602,
        "give an object",
    ),
]


def test_what_is_no_request_is_refused_in_words() -> None:
    for line, key, code, words in NO_REQUESTS:
        answered_key, answered_code, message = error(line)
        assert (answered_key, answered_code) == (key, code), line[:100]
        assert words in message


def test_messages_come_and_go_line_by_line(monkeypatch, refreshed) -> None:
    monkeypatch.setattr(server_module, "MAX_LINE", 100)
    ping = b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n'
    sent = BytesIO()
    SERVER.serve(BytesIO(ping + b"\n" + b"x" * 1000 + b"\n" + ping + b"{\n" + ping.strip()), sent)
    answers = [json.loads(line) for line in sent.getvalue().splitlines()]
    assert [answer.get("error", {}).get("code") for answer in answers] == [None, -32600, None, -32700, None]
    assert "at most 100 bytes" in answers[1]["error"]["message"]
    assert refreshed.call_count >= len(answers)


def test_an_answer_stays_on_one_line_in_utf_8() -> None:
    sent = BytesIO()
    SERVER.serve(BytesIO(b'{"jsonrpc": "2.0", "id": "\xc3\xa9\\n", "method": "ping"}\n'), sent)
    assert sent.getvalue() == '{"jsonrpc": "2.0", "id": "é\\n", "result": {}}\n'.encode()


def call(name: str, **arguments: Any) -> Any:
    return ask("tools/call", name=name, arguments=arguments)


def test_an_answer_comes_as_text_and_as_data(two) -> None:
    result = call("claims", framework="one")
    assert result["isError"] is False
    assert [json.loads(item["text"]) for item in result["content"]] == [result["structuredContent"]]
    assert result["structuredContent"]["claims"][0]["url"].startswith("https://example.org/claims/")


NOT_UNDERSTOOD: list[tuple[str, dict[str, Any], str]] = [
    ("search", {}, "q: is missing."),
    ("search", {"q": ""}, "q: is missing."),
    ("search", {"query": "x"}, "query: there is no such argument; known: q."),
    ("search", {"q": ["a", "b"]}, "q: give one value."),
    ("search", {"q": {"a": 1}}, "q: give a text or a whole number."),
    ("search", {"q": "x\0"}, "q: give a text"),
    ("search", {"q": "x" * 501}, "at most 500 characters"),
    ("compare", {"frameworks": []}, "frameworks: is missing."),
    ("compare", {"frameworks": ["one", "tow"]}, "There is no framework “tow” here. Did you mean one-vs-two?"),
    ("compare", {"frameworks": ["one"], "criterion": ["sped"]}, "criterion=sped: did you mean speed?"),
    ("compare", {"frameworks": ["one"], "page": 0}, "page=0: give a whole number from 1 on."),
    ("compare", {"frameworks": ["one"], "page": 99}, "page 99 does not exist"),
    ("compare", {"frameworks": ["one"], "view": "compact"}, "view: there is no such argument; "),
    ("compare", {"frameworks": ["x"] * 201}, "frameworks: has 201 values; at most 200 are read."),
    ("recommend", {"profile": "quik"}, "Did you mean quick?"),
    ("recommend", {"weights": {"sped": 3}}, "w.sped: there is no such criterion that can be weighed; did you mean"),
    ("recommend", {"weights": {"speed": 9}}, "w.speed=9: a weight is 0, 1, 2 or 3."),
    ("recommend", {"weights": {"speed": 1.5}}, "w.speed: give a text or a whole number."),
    ("recommend", {"weights": [3]}, "weights: give an object"),
    ("recommend", {"must": ["zzz"]}, "must=zzz: there is no such criterion; known: ease"),
    ("claims", {"kind": ["Rating"]}, "kind=Rating: did you mean rating?"),
    ("claims", {"framework": [True]}, "framework: give a text"),
    ("catalogue", {"all": 1}, "all: there is no such argument; known: none."),
]


def test_what_a_tool_does_not_understand_is_named_with_a_way_out(two) -> None:
    for name, arguments, words in NOT_UNDERSTOOD:
        result = call(name, **arguments)
        assert result["isError"] is True, arguments
        assert words in result["content"][0]["text"]
        assert len(result["content"][0]["text"]) < 400


def test_a_database_that_fails_is_told_and_the_next_call_is_answered(two) -> None:
    with connection.execute_wrapper(Mock(side_effect=OperationalError("hunter2"))):
        result = call("catalogue")
    assert result == {"content": [{"type": "text", "text": server_module.UNAVAILABLE}], "isError": True}
    assert call("catalogue")["isError"] is False


def test_an_answer_that_is_too_long_is_not_sent(two, monkeypatch) -> None:
    monkeypatch.setattr(server_module, "MAX_ANSWER", 100)
    assert "at most 100 are sent. Ask for less." in call("catalogue")["content"][0]["text"]


def test_every_tool_only_reads(two, django_assert_max_num_queries) -> None:
    arguments: dict[str, Any] = {"search": {"q": "speed"}, "compare": {"frameworks": ["one", "two"]}}
    for name in TOOLS:
        with django_assert_max_num_queries(20) as found:
            assert call(name, **arguments.get(name, {}))["isError"] is False
        assert {query["sql"].split()[0] for query in found.captured_queries} == {"SELECT"}


# The command.


def test_the_command_answers_on_its_streams(monkeypatch) -> None:
    sent = BytesIO()
    ping = b'{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}}\n'
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(ping)))
    monkeypatch.setattr("sys.stdout", TextIOWrapper(sent, write_through=True))
    call_command("mcp", "--site", "https://example.org")
    (line,) = sent.getvalue().splitlines()
    assert json.loads(line)["result"]["serverInfo"]["name"] == "Crosscheck"


def test_the_command_refuses_what_is_no_address() -> None:
    for site in ("example.org", "ftp://example.org", "https://"):
        with pytest.raises(CommandError, match="is no address"):
            call_command("mcp", "--site", site)


def test_the_command_ends_quietly_when_nobody_listens(monkeypatch) -> None:
    monkeypatch.setattr(Server, "serve", Mock(side_effect=BrokenPipeError))
    said = StringIO()
    call_command("mcp", stderr=said)
    assert "Ended." in said.getvalue()
