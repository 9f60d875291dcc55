"""Slows down who guesses passwords, and nobody else.

A client is known to a user if its browser or its address has logged in as that user before. An unknown client has few
tries for each account, all unknown clients together have more for one account, and one address more for all accounts.
A known client has tries of its own, so others' guesses never keep anybody out of the browser that they always use.
"""

import secrets
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from comparison.models.access import KNOWN_DAYS, KnownClient, digest
from comparison.web.throttle import Limit, give_back, reset, take
from config.client_address import client_address

Handler = Callable[[HttpRequest], HttpResponse]

COOKIE = "device"  # a random name of the browser, which means nothing until somebody has logged in with it
CROWD = 4  # times as many tries as one client has: for all unknown ones together, and for one address on all accounts
CODE_SECONDS = 24 * 3600  # a wrong code after the right password is rare, and codes are short


class LoginTries:
    """The tries of one client for one account. The account need not exist: that is not to be told."""

    def __init__(self, request: HttpRequest, username: str) -> None:
        self.request, self.username = request, username
        account, address = username.casefold(), client_address(request)
        tries, seconds = settings.LOGIN_TRIES, settings.LOGIN_PAUSE_MINUTES * 60
        known = _known_digest(request, username)
        self.own = Limit(("login", account, known or address), tries, seconds)
        self.shared: list[Limit] = []
        self.codes: list[Limit] = []
        self.counted: list[Limit] = []
        if not known:
            self.shared.append(Limit(("login account", account), tries * CROWD, seconds))
            self.shared.append(Limit(("login address", address), tries * CROWD, seconds))
            self.codes.append(Limit(("login code", account), tries * CROWD, CODE_SECONDS))

    def start(self) -> None:
        """Counts a try. Raises TooOften."""
        take(self.own, *self.shared)
        self.counted += self.shared

    def start_code(self) -> None:
        """Counts a code after the right password. Raises TooOften."""
        take(*self.codes)
        self.counted += self.codes

    def succeed(self, user: Any) -> None:
        """Forgets the client's wrong tries, and remembers the client."""
        reset(self.own)
        give_back(*self.counted)
        # Never a name that somebody else may have put into the browser.
        device = self.request.COOKIES[COOKIE] if is_known_browser(self.request) else secrets.token_urlsafe(24)
        self.request.device_cookie = device  # type: ignore[attr-defined]
        KnownClient.objects.remember(user, [_address_digest(self.request), digest("device", device)])


def _known_digest(request: HttpRequest, username: str) -> str:
    """Of the browser, else of the address, if the user has logged in with it; else empty."""
    candidates = [_device_digest(request), _address_digest(request)]
    rows = KnownClient.objects.current().filter(user__username=username, digest__in=candidates)
    known = set(rows.values_list("digest", flat=True))
    return next((candidate for candidate in candidates if candidate in known), "")


def _device_digest(request: HttpRequest) -> str:
    return digest("device", request.COOKIES.get(COOKIE, ""))


def _address_digest(request: HttpRequest) -> str:
    return digest("address", client_address(request))


def is_known_browser(request: HttpRequest) -> bool:
    """Whether anybody has logged in with this browser."""
    sent = COOKIE in request.COOKIES
    return sent and KnownClient.objects.current().filter(digest=_device_digest(request)).exists()


def device_cookie(get_response: Handler) -> Handler:
    """Sets the cookie that names a browser after somebody has logged in with it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if device := getattr(request, "device_cookie", ""):
            response.set_cookie(
                COOKIE,
                device,
                max_age=KNOWN_DAYS * 24 * 3600,
                path=reverse("admin:index"),
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return middleware
