"""Where `make run` listens: checks of HOST, PORT and WORKERS before the server starts."""

import errno
import socket

from django.conf import settings
from django.core.management.base import CommandError

MAX_WORKERS = 64
LOCAL = {"localhost", "127.0.0.1", "[::1]"}


def check_port(port: str) -> int:
    if not (port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65536):
        raise CommandError(f"PORT={port} is no port. Choose one from 1 to 65535, for example: make run PORT=8001")
    return int(port)


def check_workers(workers: str) -> None:
    if not (workers.isascii() and workers.isdigit() and len(workers) < 4 and 0 < int(workers) <= MAX_WORKERS):
        raise CommandError(f"WORKERS={workers} is no number from 1 to {MAX_WORKERS}, for example: make run WORKERS=2")


def check_free(host: str, port: int) -> None:
    """Raises CommandError with advice when nothing can listen there."""
    bare = host.removeprefix("[").removesuffix("]")
    try:
        family, _, _, _, address = socket.getaddrinfo(bare, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError):
        raise CommandError(_no_address(host)) from None
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise CommandError(_refused(host, port, error)) from None


def _no_address(host: str) -> str:
    return f"HOST={host} is no address of this machine. Choose 127.0.0.1 (only here) or 0.0.0.0 (for the network)."


def _refused(host: str, port: int, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            other = port + 1 if port < 65535 else 8000
            return f"Port {port} is in use. Choose another: make run PORT={other}"
        case errno.EACCES:
            return f"Port {port} is reserved for the system. Choose another: make run PORT=8001"
        case errno.EADDRNOTAVAIL | errno.EAFNOSUPPORT:
            return _no_address(host)
    return f"Nothing can listen on {host}:{port} ({error.strerror}). Choose others: make run HOST=127.0.0.1 PORT=8001"


def advice_on_names(host: str) -> str:
    """What to do so that others on the network see the site; empty where nothing is to be done."""
    if host in LOCAL or not set(settings.ALLOWED_HOSTS) <= LOCAL:
        return ""
    return (
        "The site answers only to the names in ALLOWED_HOSTS, now "
        + ", ".join(settings.ALLOWED_HOSTS)
        + ". For others add this machine's name: ALLOWED_HOSTS=localhost,its.name make run HOST="
        + host
    )
