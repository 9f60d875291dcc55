"""The language of a page is in its address: /de/… is German, an address without a language is English.

What a browser prefers is asked for at the front page alone, and never decides what any other address shows.
"""

import re
from collections.abc import Callable
from functools import wraps
from operator import itemgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation

from comparison.vocabulary import in_language
from config.middleware import Handler

FRONT_PAGE = "/"
ENGLISH_FRONT_PAGE = "/en/"  # the same page, whatever the browser prefers
# A language of an Accept-Language header without its region, and how much it is wanted, from 0 to 1.
RANGE = re.compile(
    r"(?:^|,)\s*([A-Za-z]+)(?:-[\w-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*(?=,|$)", re.IGNORECASE
)
MAX_HEADER_LENGTH = 500


class LanguageLink(NamedTuple):
    """The same page in a language."""

    code: str
    name: str  # in that language
    path: str
    is_current: bool


def language_of_address(get_response: Handler) -> Handler:
    """Draws everything in the language of the address."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with in_language(language_of_path(request.path_info)):
            return get_response(request)

    return middleware


def language_of_path(path: str) -> str:
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


def offered_languages() -> list[tuple[str, str]]:
    """The languages that readers are offered: code and own name."""
    return [(code, name) for code, name in settings.LANGUAGES if code not in settings.TRIAL_LANGUAGES]


def path_in_language(path: str, language: str) -> str:
    """The address of the same page in another language."""
    own_prefix = f"/{language_of_path(path)}/"
    bare = path.removeprefix(own_prefix) if path.startswith(own_prefix) else path.removeprefix("/")
    return f"/{bare}" if language == settings.LANGUAGE_CODE else f"/{language}/{bare}"


def translated_paths(path: str) -> list[tuple[str, str]]:
    """The languages of a page with its address in each; x-default is for readers of all others."""
    languages = {**{code: code for code, _ in offered_languages()}, "x-default": settings.LANGUAGE_CODE}
    return [(name, path_in_language(path, code)) for name, code in languages.items()]


def home_path(language: str) -> str:
    """The front page in this language, whatever the browser prefers."""
    return ENGLISH_FRONT_PAGE if language == settings.LANGUAGE_CODE else path_in_language(FRONT_PAGE, language)


def language_links(request: HttpRequest) -> list[LanguageLink]:
    """The page of this address in each language that is offered; empty for the API, which speaks English alone."""
    path, match = request.path_info, request.resolver_match
    if match is None or match.namespaces or request.method not in ("GET", "HEAD"):
        return []
    current = language_of_path(path)
    is_home = path_in_language(path, settings.LANGUAGE_CODE) == FRONT_PAGE
    return [
        LanguageLink(code, name, home_path(code) if is_home else path_in_language(path, code), code == current)
        for code, name in offered_languages()
    ]


def preferred_language(accepted: str) -> str:
    """The offered language that an Accept-Language header likes best; English if it likes none of them."""
    offered = {code for code, _ in offered_languages()}
    ranges = [(float(quality or 1), code.lower()) for code, quality in RANGE.findall(accepted[:MAX_HEADER_LENGTH])]
    for _, code in sorted(((quality, code) for quality, code in ranges if quality), key=itemgetter(0), reverse=True):
        if code in offered:
            return code
    return settings.LANGUAGE_CODE


def prefers_other_language(request: HttpRequest) -> bool:
    """Whether this is the front page without a language, and its reader's browser prefers another than English."""
    accepted = request.META.get("HTTP_ACCEPT_LANGUAGE", "")
    return is_negotiated(request) and preferred_language(accepted) != settings.LANGUAGE_CODE


def is_negotiated(request: HttpRequest) -> bool:
    return request.path_info == FRONT_PAGE


def vary(request: HttpRequest) -> str:
    """What the answer depends on besides the address, for caches."""
    return "Accept-Encoding, Accept-Language" if is_negotiated(request) else "Accept-Encoding"


def in_preferred_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Leads from the front page without a language to that in the language which the reader's browser prefers."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not prefers_other_language(request):
            return view(request, *args, **kwargs)
        language = preferred_language(request.META["HTTP_ACCEPT_LANGUAGE"])
        headers = {"Vary": "Accept-Language", "Cache-Control": "no-store"}
        return HttpResponseRedirect(home_path(language), headers=headers)

    return answer
