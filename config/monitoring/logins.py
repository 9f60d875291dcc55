"""Lines of the log for logins, logouts and failed logins. Django offers signals for these and nothing else."""

import logging
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from config.client_address import client_address

MAX_NAME_LENGTH = 150

logger = logging.getLogger("crosscheck.event")


def log_login(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    _log(logging.INFO, "login", request, user.get_username())


def log_logout(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    if user is not None:
        _log(logging.INFO, "logout", request, user.get_username())


def log_failed_login(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    _log(logging.WARNING, "login-failed", request, str(credentials.get("username", "")))


def _log(level: int, event: str, request: HttpRequest | None, name: str) -> None:
    address = client_address(request) if request is not None else None
    logger.log(level, event, extra={"fields": {"name": name[:MAX_NAME_LENGTH], "from": address}})


def connect() -> None:
    user_logged_in.connect(log_login, dispatch_uid="log login")
    user_logged_out.connect(log_logout, dispatch_uid="log logout")
    user_login_failed.connect(log_failed_login, dispatch_uid="log failed login")
