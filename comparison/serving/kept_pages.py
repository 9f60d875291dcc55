"""Bodies of public pages: compressed once in an edition, kept so, and sent as they are kept.

Compressing them gives nothing away (the BREACH attack): they hold no secret and no cookie, and are the same for
everybody. The admin's pages, with their tokens, are never compressed.
"""

import gzip
import time
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

import brotli
from django.core.cache import cache as store
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

from comparison.models.editions import EditionRow
from comparison.serving import any_origin
from comparison.serving.encodings import BROTLI, GZIP, IDENTITY, accepted_encoding
from comparison.serving.languages import vary

KEPT_SECONDS = 24 * 3600  # a body never becomes wrong, only unasked for
RARE_SECONDS = 3600  # of an address with a query, which few ask for again
GZIP_LEVEL = 6  # of a table of 400 KB, level 9 takes 2.4 times as long for 2 % less, level 4 a third less for 16 % more
BROTLI_QUALITY = 6  # of a table of 330 KB as quick as that for 16 % less; 7 takes twice as long, 11 takes 0.4 seconds
CACHE_CONTROL = "public, max-age=0, must-revalidate"
Headers = Mapping[str, str]
NO_HEADERS: Headers = {}


COMPRESS: Mapping[str, Callable[[bytes], bytes]] = {
    BROTLI: lambda body: brotli.compress(body, quality=BROTLI_QUALITY),
    GZIP: lambda body: gzip.compress(body, GZIP_LEVEL, mtime=0),
}
DECOMPRESS: Mapping[str, Callable[[bytes], bytes]] = {BROTLI: brotli.decompress, GZIP: gzip.decompress}


class KeptPage(NamedTuple):
    edition_number: int
    edition_token: str
    withdrawal: str  # the last one when it was drawn
    drawn_at: float  # seconds since 1970
    headers: dict[str, str]
    length: int  # of the plain body
    bodies: dict[str, bytes]  # compressed, by encoding: those that somebody has asked for

    @classmethod
    def from_response(cls, response: HttpResponse, row: EditionRow, accepted: str | None = None) -> "KeptPage":
        """The page, compressed for a client that accepts this encoding."""
        encoding = accepted if accepted in (BROTLI, GZIP) else BROTLI
        bodies = {encoding: COMPRESS[encoding](response.content)}
        edition = row.number, row.token, row.withdrawal
        return cls(*edition, time.time(), dict(response.headers), len(response.content), bodies)

    @property
    def plain_body(self) -> bytes:
        encoding, body = next(iter(self.bodies.items()))
        return DECOMPRESS[encoding](body)

    def with_encoding(self, encoding: str) -> "KeptPage":
        return self._replace(bodies={**self.bodies, encoding: COMPRESS[encoding](self.plain_body)})


def kept_page(key: str) -> KeptPage | None:
    """The page as it was last drawn, in whatever edition."""
    page: KeptPage | None = store.get(key)
    return page


def keep_page(key: str, page: KeptPage) -> None:
    store.set(key, page, RARE_SECONDS if key.startswith("rare:") else KEPT_SECONDS)


def is_match(requested: str, etag: str) -> bool:
    """Whether If-None-Match names this weak ETag, however a proxy has rewritten it."""
    if requested == etag:
        return True
    bare = etag.removeprefix("W/")
    return bare in requested and bare in (each.removeprefix("W/") for each in parse_etags(requested))


class KeptResponse(HttpResponse):
    """A kept page as it is sent; other headers than its own were added by middleware."""

    key: str
    own_headers: Collection[str]


def send(request: HttpRequest, key: str, page: KeptPage, etag: str, more: Headers) -> HttpResponse:
    encoding = accepted_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    if encoding is None:
        return _not_acceptable()
    headers = {**more, **page.headers, "ETag": etag, "Cache-Control": CACHE_CONTROL, "Vary": vary(request)}
    if encoding == IDENTITY:
        body = page.plain_body
        headers["Content-Length"] = str(page.length)
    else:
        body = _compressed(key, page, encoding)
        headers |= {"Content-Encoding": encoding, "Content-Length": str(len(body))}
    response = KeptResponse(b"" if request.method == "HEAD" else body, headers=headers)
    response.key, response.own_headers = key, headers
    return response


def _compressed(key: str, page: KeptPage, encoding: str) -> bytes:
    """The body in this encoding; from the first time that it is asked for, it is kept too."""
    if encoding not in page.bodies:
        page = page.with_encoding(encoding)
        keep_page(key, page)
    return page.bodies[encoding]


def send_unchanged(request: HttpRequest, etag: str) -> HttpResponse:
    """Only what RFC 9110 (section 15.4.5) asks for: the client keeps the other headers with the page that it has.

    A browser that reads data from another site checks its permission anew with each answer.
    """
    headers = {"ETag": etag, "Cache-Control": CACHE_CONTROL, "Vary": vary(request)}
    if request.path.startswith("/api/") or not request.path.endswith("/"):
        headers |= any_origin.HEADERS
    return HttpResponseNotModified(headers=headers)


def _not_acceptable() -> HttpResponse:
    message = "This address is sent as br, gzip or uncompressed, and Accept-Encoding refuses all three.\n"
    headers = {"Vary": "Accept-Encoding", "Cache-Control": "no-store"}
    return HttpResponse(message, status=406, content_type="text/plain", headers=headers)
