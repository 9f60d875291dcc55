"""The two doors of the admin, and knocking at them."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

ADD = "/admin/comparison/claim/add/"
HOME, OFFICE, CAFE = "192.0.2.1", "192.0.2.2", "192.0.2.3"


def login_page(client: Client, username: str, password: str, address: str, **headers: str) -> Any:
    data = {"username": username, "password": password, "next": ADD}
    return client.post(reverse("admin:login"), data, REMOTE_ADDR=address, **headers)


def recovery_page(client: Client, username: str, password: str, address: str, **headers: str) -> Any:
    data = {"resume-username": username, "resume-password": password, "statement": "What I wrote"}
    return client.post(ADD, data, REMOTE_ADDR=address, **headers)


DOORS = [login_page, recovery_page]
both_doors = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def guess(door: Any, username: str, address: str, times: int = 5, client: Client | None = None) -> list[int]:
    client = client or Client()
    return [door(client, username, f"wrong {number}", address).status_code for number in range(times)]


def enter(door: Any, user: User, address: str, client: Client | None = None) -> int:
    """The status of a login with the right password, in a fresh browser unless one is given."""
    client = client or Client()
    response = door(client, user.get_username(), "x", address)
    assert is_logged_in(client) == (response.status_code < 400)
    return int(response.status_code)
