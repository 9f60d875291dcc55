"""Public pages, which depend only on the edition, the address and the parameters that the page knows."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from comparison.models import Edition
from comparison.row_ids import parse_row_id
from comparison.serving.answer import public_answer
from comparison.serving.languages import (
    ENGLISH_FRONT_PAGE,
    FRONT_PAGE,
    home_path,
    language_links,
    translated_paths,
)
from comparison.serving.newest_edition import DatabaseAway
from comparison.web.addresses import page_url
from comparison.web.lookups import Moved
from comparison.web.pagination import BadPage
from comparison.web.problems import bad_request, unavailable

FILE_FORMATS = (("csv", "CSV"), ("json", "JSON"), ("md", "Markdown"))
TABLE_FILE_FORMATS = (
    *FILE_FORMATS,
    ("tidy.csv", gettext_noop("Tidy CSV")),
    ("compact.md", gettext_noop("Compact Markdown")),
    ("xlsx", gettext_noop("Workbook (XLSX)")),
)
MEDIA_TYPES = {  # by the last part of an ending
    "csv": "text/csv",
    "json": "application/json",
    "md": "text/markdown",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

View = Callable[Concatenate[HttpRequest, ...], HttpResponse]


def public_page(
    *params: str, file_params: Sequence[str] | None = None, own_params: Sequence[str] = ("page",)
) -> Callable[[View], View]:
    """Makes a view answer GET and HEAD with the kept page or 304 after one query, for the edition; sets no cookie.

    `params` are the query parameters that the page reads, `file_params` those that its files read, where they differ.
    One that ends in * stands for all that begin so. All others are dropped before the view and the cache see them.
    `own_params` make a page of its own; others only filter or arrange what the address without them holds too.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return _not_allowed(request)
            query, file_format = request.META.get("QUERY_STRING", ""), kwargs.get("file_format", "html")
            drop_unknown(request, params if file_params is None or file_format == "html" else file_params)
            try:
                return public_answer(request, lambda: view(request, *args, **kwargs))
            except Moved as moved:
                return permanent_redirect(_present_url(request, moved, file_format), query)
            except BadPage as problem:
                return bad_request(request, problem)
            except DatabaseAway:
                return unavailable(request)

        answer.is_public = True  # type: ignore[attr-defined]
        answer.params, answer.file_params = params, file_params  # type: ignore[attr-defined]
        answer.own_params = own_params  # type: ignore[attr-defined]
        return answer

    return decorate


def drop_unknown(request: HttpRequest, params: Sequence[str]) -> None:
    """Leaves only known parameters in the request, in one encoding, so that no link on the page repeats another."""
    query = request.META.get("QUERY_STRING", "")
    if not query:
        return
    sent = QueryDict(query.encode("latin-1"), encoding="utf-8")  # WSGI's bytes, not in the charset the request names
    known = [(name, value) for name, values in sent.lists() if is_known(name, params) for value in values]
    canonical = urlencode(known)
    request.GET = QueryDict(canonical)
    request.META = {**request.META, "QUERY_STRING": canonical}


def is_known(name: str, params: Sequence[str]) -> bool:
    return name in params or any(name.startswith(param.removesuffix("*")) for param in params if param.endswith("*"))


def _not_allowed(request: HttpRequest) -> HttpResponse:
    message = f"{request.method} is not allowed here; this address can only be read.\n"
    return HttpResponseNotAllowed(["GET", "HEAD"], message, content_type="text/plain")


def _present_url(request: HttpRequest, moved: Moved, file_format: str) -> str:
    """The URL to redirect to: that of a page, of a file, or of an endpoint of the API, as the request asked for."""
    namespaces = request.resolver_match.namespaces if request.resolver_match else []
    return page_url(":".join([*namespaces, moved.route]), *moved.url_args, file_format=file_format)


def permanent_redirect(path: str, query: str) -> HttpResponse:
    return redirect(f"{path}?{query}" if query else path, permanent=True)


def site(request: HttpRequest) -> dict[str, object]:
    """Context of every template: the site's name, and the edition a public page shows."""
    canonical = canonical_url(request)
    return {
        "site_name": settings.SITE_NAME,
        "edition": getattr(request, "edition", None),
        "file_formats": FILE_FORMATS,
        "table_formats": [(file_format, _(name)) for file_format, name in TABLE_FILE_FORMATS],
        "alternates": alternates(request),
        "canonical_url": canonical,
        "languages": language_links(request),
        "translations": translations(request, canonical),
        "home_path": home_path(get_language()),
        "own_feed": _url_beside(request, "feed"),
        "share_image": share_image(request),
    }


def canonical_url(request: HttpRequest) -> str:
    """The whole address of a public page, without parameters that only filter or arrange it; of others empty."""
    match = request.resolver_match
    if match is None or not hasattr(request, "edition"):
        return ""
    own_params = getattr(match.func, "own_params", ())
    is_own = all(is_known(name, own_params) for name in request.GET)
    query = _with_canonical_page(request.GET) if "page" in request.GET else request.META.get("QUERY_STRING", "")
    path = FRONT_PAGE if request.path_info == ENGLISH_FRONT_PAGE else request.path
    return request.build_absolute_uri(f"{path}?{query}" if query and is_own else path)


def _with_canonical_page(data: QueryDict) -> str:
    """The query with the number of its page once and in its plain form, and without that of the first."""
    number = parse_row_id(data.getlist("page")[-1]) or 1
    data = data.copy()
    del data["page"]
    if number > 1:
        data["page"] = str(number)
    return data.urlencode()


def translations(request: HttpRequest, canonical: str) -> list[tuple[str, str]]:
    """The languages of a public page and its canonical address in each."""
    url = urlsplit(canonical)
    if not url.path or not language_links(request):
        return []
    return [(name, url._replace(path=path).geturl()) for name, path in translated_paths(url.path)]


class ShareImage(NamedTuple):
    """The whole address of the picture that shows a page where it is shared: the page's own, or the site's."""

    url: str
    is_own: bool


def share_image(request: HttpRequest, *, has_own: bool = True) -> ShareImage | None:
    """That of a public page; others have none."""
    if not hasattr(request, "edition"):
        return None
    own = _url_beside(request, "image") if has_own else ""
    return ShareImage(request.build_absolute_uri(own or reverse("site-image")), bool(own))


def alternates(request: HttpRequest) -> list[tuple[str, str, str]]:
    """The files that hold the same as a public page: address, media type and label of each."""
    query = request.META.get("QUERY_STRING", "")
    files = []
    for file_format, name in TABLE_FILE_FORMATS:
        if url := _url_beside(request, "data", file_format=file_format):
            media_type = MEDIA_TYPES[file_format.rpartition(".")[2]]
            files.append((f"{url}?{query}" if query else url, media_type, _(name)))
    return files


def _url_beside(request: HttpRequest, ending: str, **kwargs: str) -> str:
    """The address of the file or feed of a public page, whose route has this ending; empty if the page has none."""
    match = request.resolver_match
    if match is None or match.namespaces or not hasattr(request, "edition"):
        return ""
    try:
        return reverse(f"{match.url_name}-{ending}", kwargs={**match.kwargs, **kwargs})
    except NoReverseMatch:
        return ""


def edition_of(request: HttpRequest) -> Edition:
    """The edition a public page shows."""
    return request.edition  # type: ignore[attr-defined]
