"""Whether another site sent a form. Public pages set no cookie that a token could be compared with."""

from urllib.parse import urlsplit

from django.http import HttpRequest


def is_from_another_site(request: HttpRequest) -> bool:
    """Whether a page of another site sent the form. Programs, which send none of these headers, are let in."""
    if fetch_site := request.headers.get("Sec-Fetch-Site"):
        return fetch_site not in ("same-origin", "none")
    sender = request.headers.get("Origin") or request.headers.get("Referer")
    return sender is not None and not _is_host(sender, request.get_host())


def _is_host(url: str, host: str) -> bool:
    try:
        return urlsplit(url).netloc == host
    except ValueError:
        return False
