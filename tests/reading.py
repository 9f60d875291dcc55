"""Reading pages as a test needs them."""

import io
import re
from html.parser import HTMLParser
from typing import Any
from zipfile import ZipFile

from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparison.models import Edition


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return text_of(response)


def text_of(response: HttpResponse) -> str:
    """What it says, also inside of a workbook. Pictures are read as if they were text, which they are not."""
    if response.content.startswith(b"PK"):
        with ZipFile(io.BytesIO(response.content)) as parts:
            return "\n".join(parts.read(name).decode() for name in parts.namelist())
    is_picture = response.headers.get("Content-Type") == "image/png"
    return response.content.decode(errors="replace" if is_picture else "strict")


def answered(response: Any) -> tuple[bytes, dict[str, str]]:
    """Body and headers, without the header that differs for each request."""
    return response.content, {name: value for name, value in response.items() if name != "X-Request-ID"}


def squeezed(html: str) -> str:
    """HTML with single spaces, as browsers show it, and none before the end of a tag."""
    return re.sub(r" (/?>)", r"\1", re.sub(r"\s+", " ", html))


def rows(html: str) -> list[str]:
    """The slugs of the criteria shown."""
    return re.findall(r'<tr id="([^"]+)">', html)


def row(html: str, slug: str) -> str:
    return html.split(f'<tr id="{slug}">')[1].split("</tr>", maxsplit=1)[0]


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        page(client, address)
    return len(found)


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.found.add(str(given["href"]))
        if given.get("id"):
            self.ids.add(str(given["id"]))


def edition_number() -> int:
    return Edition.objects.current().number


SCRIPT = r"<script(?![^>]*\ssrc=)(?! type=.application/ld.json.>)"  # that type is data, which runs nowhere


INLINE = re.compile(SCRIPT + r"|<style|<[^>]*\s(style|on\w+)\s*=|=\s*[\"']?\s*javascript:", re.IGNORECASE)


def break_after_edition(execute, sql: str, *rest: object) -> object:
    """A database that breaks down after the edition was read."""
    if "comparison_edition" not in sql:
        raise OperationalError("hunter2")
    return execute(sql, *rest)
