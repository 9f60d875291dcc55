"""A visitor of a site behind nginx, who asks over TLS from an address of their own."""

import http.client
import re
import socket
import ssl
from contextlib import closing
from typing import NamedTuple
from urllib.parse import urlencode

SITE = "crosscheck.example"
TRUST = ssl.create_default_context()
TRUST.check_hostname = False
TRUST.verify_mode = ssl.CERT_NONE  # the guide's first certificate is signed by nobody


class Answer(NamedTuple):
    status: int
    raw: bytes
    headers: http.client.HTTPMessage

    @property
    def body(self) -> str:
        return self.raw.decode(errors="replace")


class Visitor:
    def __init__(self, port: int, address: str = "127.0.0.1", *, tls: bool = True) -> None:
        self.port, self.address, self.tls = port, address, tls
        self.cookies: dict[str, str] = {}

    def connect(self) -> http.client.HTTPConnection:
        if self.tls:
            return http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=15, source_address=(self.address, 0), context=TRUST
            )
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=15, source_address=(self.address, 0))

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        sent = {
            "Host": SITE,
            "Referer": f"https://{SITE}/",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
        }
        if not self.tls:
            sent["X-Forwarded-Proto"] = "https"  # as nginx would
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(self.connect()) as connection:
            connection.request(method, path, body or None, sent)
            response = connection.getresponse()
            for cookie in response.headers.get_all("Set-Cookie", []):
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return Answer(response.status, response.read(), response.headers)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, **fields: str) -> Answer:
        fields = {"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields}
        return self.ask("POST", path, urlencode(fields).encode(), Content_Type="application/x-www-form-urlencoded")

    def log_in(self, username: str, password: str) -> Answer:
        self.get("/admin/login/")
        return self.post("/admin/login/", username=username, password=password)

    def form(self, path: str) -> dict[str, str]:
        """The fields of the page's form as they stand; text areas, inputs and chosen options."""
        page = self.get(path)
        assert page.status == 200, page
        fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page.body))
        empty = re.findall(r'<input type="(?:text|number|url)" name="([^"]+)"(?![^>]*value=)', page.body)
        fields |= dict.fromkeys(empty, "")
        return {name: value for name, value in fields.items() if not name.startswith("_")}

    def half_a_request(self, text: str) -> socket.socket:
        """Sends this much and then nothing more; the socket is to be closed."""
        connection = self.connect()
        connection.connect()
        assert connection.sock
        connection.sock.sendall(text.encode())
        return connection.sock
