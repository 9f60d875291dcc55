"""Who may read the numbers: with METRICS_TOKEN whoever sends it, else whoever asks directly from a private network."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

METRICS_PATH = "/metrics"
PROXY_HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


def may_read_metrics(request: HttpRequest) -> bool:
    if not settings.METRICS:
        return False
    if settings.METRICS_TOKEN:
        return constant_time_compare(request.META.get("HTTP_AUTHORIZATION", ""), f"Bearer {settings.METRICS_TOKEN}")
    is_direct = not any(name in request.META for name in PROXY_HEADERS)  # a proxy's own address says nothing
    return is_direct and _is_private(request.META.get("REMOTE_ADDR", ""))


def _is_private(address: str) -> bool:
    try:
        return ip_address(address).is_private
    except ValueError:  # a Unix socket, which has a proxy before it
        return False
