"""HOST, PORT and WORKERS of `make run`."""

import errno
import socket
from unittest.mock import Mock

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from comparison.management.listening import advice_on_names, check_free, check_port, check_workers

IN_USE = (errno.EADDRINUSE, "127.0.0.1", 65535, r"^Port 65535 is in use.* make run PORT=8000$")
RESERVED = (errno.EACCES, "127.0.0.1", 80, r"^Port 80 is reserved for the system.* make run PORT=8001$")
ELSEWHERE = (errno.EADDRNOTAVAIL, "192.0.2.1", 8000, r"^HOST=192.0.2.1 is no address of this machine.* 0\.0\.0\.0")
OTHER = (errno.EIO, "127.0.0.1", 8000, r"^Nothing can listen on 127.0.0.1:8000 \(.+\)\. Choose others: make run HOST=")


@pytest.mark.parametrize(("number", "host", "port", "message"), [IN_USE, RESERVED, ELSEWHERE, OTHER])
def test_a_port_that_cannot_be_opened_is_named_with_one_that_may(monkeypatch, number, host, port, message) -> None:
    monkeypatch.setattr(socket.socket, "bind", Mock(side_effect=OSError(number, "no")))
    with pytest.raises(CommandError, match=message):
        check_free(host, port)


def test_a_port_in_use_is_noticed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(CommandError, match="is in use"):
        check_free("127.0.0.1", server.getsockname()[1])


@pytest.mark.parametrize("host", ["nowhere.invalid", "1.2.3.4.5", "a" * 300, "http://localhost", "\ud800"])
def test_a_host_that_is_no_address_is_named(monkeypatch, host) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Mock(side_effect=socket.gaierror))  # asks no name server
    with pytest.raises(CommandError, match="is no address of this machine"):
        check_free(host, 8000)


@pytest.mark.parametrize("port", ["0", "-1", "65536", "70000", "abc", "", "8000x", "²", "80 80"])
@pytest.mark.django_db
def test_what_is_no_port_is_refused_before_anything_is_done(port) -> None:
    with pytest.raises(CommandError, match=rf"PORT={port} is no port. Choose one from 1 to 65535"):
        call_command("prepare", port=port)
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize("workers", ["x", "0", "-1", "65", "", "2.5", "٣"])
def test_what_is_no_number_of_workers_is_refused(workers) -> None:
    with pytest.raises(CommandError, match=rf"WORKERS={workers} is no number from 1 to 64"):
        call_command("prepare", workers=workers)


def test_good_values_pass() -> None:
    assert [check_port(port) for port in ("1", "8000", "65535")] == [1, 8000, 65535]
    check_workers("1")
    check_workers("64")


@pytest.mark.parametrize(
    ("host", "names", "advised"),
    [
        ("127.0.0.1", ["localhost"], False),
        ("[::1]", ["localhost"], False),
        ("0.0.0.0", ["localhost", "127.0.0.1"], True),
        ("0.0.0.0", ["example.org"], False),
        ("0.0.0.0", ["*"], False),
    ],
)
def test_who_opens_the_site_to_the_network_is_told_to_name_it(settings, host, names, advised) -> None:
    settings.ALLOWED_HOSTS = names
    assert advice_on_names(host).startswith("The site answers only to the names in ALLOWED_HOSTS, now ") == advised
