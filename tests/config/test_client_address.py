import pytest
from django.test import RequestFactory

from config.client_address import client_address


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "198.51.100.7"),
        ("192.0.2.1", "10.0.0.1, 198.51.100.7", "198.51.100.7"),
        ("192.0.2.1", "198.51.100.7:4711", "198.51.100.7"),
        ("192.0.2.1", "10.0.0.1, unknown", "192.0.2.1"),
        ("192.0.2.1", "<script>", "192.0.2.1"),
        ("", "", "local"),  # a socket file
        ("::ffff:192.0.2.1", "", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("", "[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::/64"),
    ],
)
def test_the_address_of_a_client(settings, remote, forwarded, address) -> None:
    settings.BEHIND_PROXY = True
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers)) == address
    settings.BEHIND_PROXY = False
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="192.0.2.9", **headers)) == "192.0.2.9"
