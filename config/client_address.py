"""Whom a request came from, for counting. Never trusts what a stranger may have written."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the client; of IPv6 the network (/64), in which anybody may choose addresses at will.

    Behind a proxy it is the last entry of X-Forwarded-For: the proxy wrote it, the client wrote those before it.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2] if settings.BEHIND_PROXY else ""
    return _normal(forwarded) or _normal(request.META.get("REMOTE_ADDR", "")) or "local"


@lru_cache(maxsize=1000)
def _normal(written: str) -> str:
    """Empty if it is no address. Some proxies add the port."""
    host = written.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address: IPv4Address | IPv6Address = ip_address(host)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((address.packed, 64), strict=False))
    return str(address)
