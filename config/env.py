"""Typed readers of environment variables.

Each takes the variable's name and a default, and raises ImproperlyConfigured with the name and the allowed values if
the value is not usable. An empty variable counts as unset.
"""

import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.files.private_files import make_private_folder


def unusable(name: str, value: str, allowed: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name}={value!r} is not usable. Allowed: {allowed}.")


def text(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    value = text(name, "1" if default else "0")
    values = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if value.lower() not in values:
        raise unusable(name, value, "1 or 0 (also true/false, yes/no, on/off)")
    return values[value.lower()]


def number(name: str, default: int, minimum: int, maximum: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or len(value) > 9 or not minimum <= int(value) <= maximum:
        raise unusable(name, value, f"a whole number from {minimum} to {maximum}")
    return int(value)


def choice(name: str, default: str, options: Iterable[str]) -> str:
    value = text(name, default)
    if value not in options:
        raise unusable(name, value, " or ".join(options))
    return value


def words(name: str, default: str) -> list[str]:
    """Values separated by commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def hosts(name: str, default: str) -> list[str]:
    values = words(name, default)
    for host in values or [text(name, default)]:  # commas alone would close the site to everybody
        if not re.fullmatch(r"\.?[\w.-]+|\*|\[[0-9a-fA-F:.]+\]", host):
            raise unusable(
                name, host, "host names separated by commas, without scheme, port or path, such as example.org"
            )
    return values


def origins(name: str) -> list[str]:
    values = [origin.rstrip("/") for origin in words(name, "")]
    for origin in values:
        if not re.fullmatch(r"https?://(\*\.)?([\w.-]+|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?", origin):
            raise unusable(name, origin, "origins with their scheme, separated by commas, such as https://example.org")
    return values


def secret(name: str, default: str) -> str:
    value = text(name, default)
    if value != default and len(value) < 50:
        raise ImproperlyConfigured(
            f"{name} has {len(value)} characters. Allowed: 50 random characters or more; "
            'make one with: python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    return value


def token(name: str, default: str) -> str:
    """A secret that is sent in a header, which carries nothing but ASCII."""
    value = secret(name, default)
    if not (value.isascii() and value.isprintable()):
        raise ImproperlyConfigured(
            f"{name} has characters that no header carries, so nothing sent would match it. "
            "Allowed: letters without accents, digits and other signs of ASCII."
        )
    return value


def require_package(name: str, module: str, extra: str) -> None:
    """Refuses a setting that needs an optional package where that is not installed."""
    if find_spec(module) is None:
        package = module.replace("_", "-")
        advice = f"Install it (the extra “{extra}” does), or leave {name} out."
        raise ImproperlyConfigured(f"{name}=1 is not usable: {package} is not installed. {advice}")


def _split(name: str, value: str, allowed: str) -> SplitResult:
    """The parts of a URL. It may contain a password, so error messages do not repeat it."""
    hidden = value.split(":", 1)[0][:20] + ":…" if ":" in value else value[:20] + "…"
    try:
        parts = urlsplit(value)
        _ = parts.port, parts.hostname
    except ValueError:
        raise unusable(name, hidden, allowed) from None
    # An unencoded # ? / or [ in a password would end it early.
    if parts.fragment or "@" in parts.path + parts.query or (parts.netloc and parts.hostname is None):
        raise unusable(name, hidden, allowed + " (percent-encode special characters in the password)")
    return parts


CONNECTION_SECONDS = 60  # a thread keeps its connection; opening one costs more than serving a cached page
SQLITE_OPTIONS = {
    # Take the write lock at the start of a transaction; otherwise concurrent transactions that read first fail.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
POSTGRES_OPTIONS = {
    "connect_timeout": "2",  # seconds; config.databases.time_limits bounds what a statement may take
    # A pool such as PgBouncer may refuse options; ?options= in the URL sends none.
    "options": "-c client_connection_check_interval=1000",  # ends statements for which nobody waits any more
}


def _refuse_lost_database(path: str) -> None:
    """SQLite silently throws the log of newest changes away if the database that it belongs to is missing."""
    log = Path(f"{path}-wal")
    if log.exists() and log.stat().st_size and not Path(path).exists():
        raise ImproperlyConfigured(
            f"The database {path} is missing, but its newest changes are still in {log}. Move the database back beside "
            f"it, or move {log.name} away to begin anew; a backup is put back with: manage.py restore FILE"
        )


def _refuse_unusable_folder(path: str) -> None:
    """SQLite says only that it cannot open the file, and Django that it cannot store JSON."""
    folder = Path(path).absolute().parent
    if not folder.is_dir():
        problem = f"there is no folder {folder}"
    elif not Path(path).exists() and not os.access(folder, os.W_OK):
        problem = f"this user may not write to {folder}"
    else:
        return
    raise ImproperlyConfigured(
        f"The database {path} cannot be made: {problem}. Mend that, or set DATABASE_URL to another."
    )


def sqlite(path: str) -> dict[str, Any]:
    _refuse_lost_database(path)
    if path != ":memory:":
        _refuse_unusable_folder(path)
    options = dict(SQLITE_OPTIONS)
    return {
        "ENGINE": "config.databases.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "OPTIONS": options,
    }


def own_sqlite(path: Path) -> dict[str, Any]:
    """The file of an installation that names no database; its folder is made."""
    with suppress(OSError):  # then there is no folder, which is said
        make_private_folder(path.parent, is_ours=False)
    return sqlite(str(path))


def database(name: str, default: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Reads sqlite:///relative.db, sqlite:////absolute.db or postgres://user:password@host:port/name?option=value."""
    value = text(name, "")
    if not value:
        return default()
    allowed = "sqlite:///path/to/file or postgres://user:password@host:port/name"
    if value.startswith("sqlite:///") and len(value) > len("sqlite:///"):
        return sqlite(unquote(value.removeprefix("sqlite:///")))
    parts = _split(name, value, allowed)
    if parts.scheme in {"postgres", "postgresql"} and len(parts.path) > 1:
        return {
            "ENGINE": "config.databases.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": CONNECTION_SECONDS,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": POSTGRES_OPTIONS | dict(parse_qsl(parts.query, keep_blank_values=True)),
        }
    raise unusable(name, f"{parts.scheme}:…", allowed)


def cache(name: str, default: str) -> dict[str, Any]:
    """Reads memory://megabytes (a cache in each process) or redis://host:port/number."""
    value = text(name, default)
    allowed = "memory:// or redis://host:port/number (memory://64: at most 64 MB in each process, from 1 to 9999)"
    parts = _split(name, value, allowed)
    if memory := re.fullmatch(r"memory://([1-9][0-9]{0,3})?", value):
        options = {"MAX_BYTES": int(memory[1] or 64) * 1_000_000}
        return {"BACKEND": "config.caches.memory_cache.MemoryCache", "OPTIONS": options}
    if parts.scheme in {"redis", "rediss"} and parts.hostname and re.fullmatch(r"(/[0-9]*)?", parts.path):
        timeouts = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}  # seconds; drawing a page takes less
        return {"BACKEND": "config.caches.redis_cache.ForgivingRedisCache", "LOCATION": value, "OPTIONS": timeouts}
    raise unusable(name, f"{parts.scheme}:…", allowed)
