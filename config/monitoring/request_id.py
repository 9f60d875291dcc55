import re
from contextvars import ContextVar
from uuid import uuid4

from django.http import HttpRequest

SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)

current_request_id: ContextVar[str] = ContextVar("request_id", default="")


def request_id_for(request: HttpRequest) -> str:
    """The name that a proxy gave the request, or a new one."""
    sent = request.META.get("HTTP_X_REQUEST_ID", "")
    return sent if SANE_ID.fullmatch(sent) else uuid4().hex[:16]
