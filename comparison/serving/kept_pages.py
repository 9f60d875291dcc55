"""Bodies of public pages: compressed once in an edition, kept so, and sent as they are kept.

Compressing them gives nothing away (the BREACH attack): they hold no secret and no cookie, and are the same for
everybody. The admin's pages, with their tokens, are never compressed.
"""

import gzip
import time
from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.core.cache import cache as store
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

from comparison.serving.encodings import GZIP, accepted_encoding

KEPT_SECONDS = 24 * 3600  # a body never becomes wrong, only unasked for
RARE_SECONDS = 3600  # of an address with a query, which few ask for again
GZIP_LEVEL = 6  # of a table of 400 KB, level 9 takes 2.4 times as long for 2 % less, level 4 a third less for 16 % more
CACHE_CONTROL = "public, max-age=0, must-revalidate"
Headers = Mapping[str, str]
NO_HEADERS: Headers = {}


class KeptPage(NamedTuple):
    edition_number: int
    edition_token: str
    drawn_at: float  # seconds since 1970
    headers: dict[str, str]
    length: int  # of the plain body
    body: bytes  # as gzip

    @classmethod
    def from_response(cls, response: HttpResponse, edition_number: int, edition_token: str) -> "KeptPage":
        body = gzip.compress(response.content, GZIP_LEVEL, mtime=0)
        return cls(edition_number, edition_token, time.time(), dict(response.headers), len(response.content), body)

    @property
    def plain_body(self) -> bytes:
        return gzip.decompress(self.body)


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
    headers = {**more, **page.headers, "ETag": etag, "Cache-Control": CACHE_CONTROL, "Vary": "Accept-Encoding"}
    if encoding == GZIP:
        headers |= {"Content-Encoding": GZIP, "Content-Length": str(len(page.body))}
    else:
        headers["Content-Length"] = str(page.length)
    body = b"" if request.method == "HEAD" else page.body if encoding == GZIP else page.plain_body
    response = KeptResponse(body, headers=headers)
    response.key, response.own_headers = key, headers
    return response


def send_unchanged(etag: str, more: Headers) -> HttpResponse:
    headers = {**more, "ETag": etag, "Cache-Control": CACHE_CONTROL, "Vary": "Accept-Encoding"}
    return HttpResponseNotModified(headers=headers)


def _not_acceptable() -> HttpResponse:
    message = "This address is sent as gzip or uncompressed, and Accept-Encoding refuses both.\n"
    headers = {"Vary": "Accept-Encoding", "Cache-Control": "no-store"}
    return HttpResponse(message, status=406, content_type="text/plain", headers=headers)
