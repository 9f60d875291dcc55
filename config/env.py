"""Typed readers of environment variables.

Each takes the variable's name and a default, and raises ImproperlyConfigured with the name and what is
allowed when the value is nonsense. An empty variable counts as unset.
"""

import os
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def wrong(name: str, value: str, allowed: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name}={value!r} is not usable. Allowed: {allowed}.")


def text(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    value = text(name, "1" if default else "0")
    known = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if value.lower() not in known:
        raise wrong(name, value, "1 or 0 (also true/false, yes/no, on/off)")
    return known[value.lower()]


def words(name: str, default: str) -> list[str]:
    """Values separated by commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def hosts(name: str, default: str) -> list[str]:
    found = words(name, default)
    for host in found:
        if "/" in host or "://" in host or " " in host:
            raise wrong(name, host, "host names separated by commas, without scheme or path, such as example.org")
    return found


def origins(name: str) -> list[str]:
    found = words(name, "")
    for origin in found:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
            raise wrong(name, origin, "origins with their scheme, separated by commas, such as https://example.org")
    return found


def secret(name: str, default: str) -> str:
    value = text(name, default)
    if value != default and len(value) < 50:
        raise ImproperlyConfigured(
            f"{name} has {len(value)} characters. Allowed: 50 random characters or more; "
            'make one with: python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    return value


def _port(name: str, value: str, parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise wrong(name, value, "a port from 0 to 65535") from None


SQLITE_OPTIONS = {
    # Take the write lock when a transaction starts, not half-way: concurrent read-then-write otherwise fails.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def database(name: str, default: str) -> dict[str, Any]:
    """Reads sqlite:///relative.db, sqlite:////absolute.db or postgres://user:password@host:port/name?option=value."""
    value = text(name, default)
    allowed = "sqlite:///path/to/file or postgres://user:password@host:port/name"
    parts = urlsplit(value)
    if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]),
            "OPTIONS": dict(SQLITE_OPTIONS),
        }
    if parts.scheme in {"postgres", "postgresql"} and len(parts.path) > 1:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(_port(name, value, parts) or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    shown = value if not parts.password else value.replace(parts.password, "…")
    raise wrong(name, shown, allowed)


def cache(name: str, default: str) -> dict[str, Any]:
    """Reads memory:// (in this process) or redis://host:port/number."""
    value = text(name, default)
    parts = urlsplit(value)
    if value == "memory://":
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 1000}}
    if parts.scheme in {"redis", "rediss"} and parts.hostname:
        _port(name, value, parts)
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": value}
    shown = value if not parts.password else value.replace(parts.password, "…")
    raise wrong(name, shown, "memory:// or redis://host:port/number")
