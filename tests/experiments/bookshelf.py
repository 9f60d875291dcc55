"""The small application without a framework, whole or with one defect."""

import html
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from comparison.experiments.acceptance import PASSWORD, USERNAME

TOKEN = "a-token"
FIELDS = '<input name="title" value=""><input name="year" value="">'


@dataclass
class Bookshelf:
    defect: str = ""
    books: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        sent = parse_qs(environ["wsgi.input"].read(length).decode()) if length else {}
        values = {name: value[0] for name, value in sent.items()}
        logged_in = "user" in SimpleCookie(environ.get("HTTP_COOKIE", ""))
        posted = environ["REQUEST_METHOD"] == "POST"
        status, headers, page = self.answer(environ["PATH_INFO"], values if posted else None, logged_in)
        start_response(f"{status} ", [("Content-Type", "text/html; charset=utf-8"), *headers])
        return [page.encode()]

    def answer(self, path: str, sent: dict[str, str] | None, logged_in: bool) -> tuple[int, list[Any], str]:
        match path:
            case "/":
                return self.list_page(logged_in)
            case "/new":
                return self.new_page(sent, logged_in)
            case "/login" if self.defect != "no login page":
                return self.login_page(sent)
            case "/sign-in":
                return self.login_page(None)
            case "/logout" if self.defect != "logout does nothing":
                return 302, [("Location", "/"), ("Set-Cookie", "user=; Max-Age=0")], ""
            case "/logout":
                return 302, [("Location", "/")], ""
            case "/admin/" if self.defect != "no admin":
                return 200, [], '<a href="/admin/books">Books</a><a href="https://example.org/admin/">Elsewhere</a>'
            case "/admin/books":
                return self.admin_page(logged_in)
        return 404, [], "not found"

    def list_page(self, logged_in: bool) -> tuple[int, list[Any], str]:
        rows = "".join(f"<tr><td>{self.shown(title, 'list')}<td>{year}" for title, year in self.books)
        form = self.form("/logout", "") if logged_in and self.defect != "no way out" else ""
        table = rows if self.defect == "no table" else f"<table>{rows}</table>"
        return 500 if self.defect == "broken list" else 200, [], form + table

    def new_page(self, sent: dict[str, str] | None, logged_in: bool) -> tuple[int, list[Any], str]:
        if not logged_in and self.defect != "open form":
            if self.defect == "no way to log in":
                return 403, [], "forbidden"
            return 302, [("Location", "/sign-in" if self.defect == "no login page" else "/login")], ""
        if sent is None:
            return 200, [], self.form("", FIELDS)
        if sent.get("token") != TOKEN and self.defect not in ("token ignored", "no token"):
            return 200 if self.defect == "token refused with 200" else 403, [], "no token"
        return self.create(sent)

    def create(self, sent: dict[str, str]) -> tuple[int, list[Any], str]:
        if mistake := self.mistake(sent):
            if self.defect == "error for a mistake":
                return 500, [], "error"
            message = "" if self.defect == "no message" else f"<p>{mistake}</p>"
            return 200, [], message if self.defect == "no form again" else self.form("", FIELDS) + message
        if self.defect == "error for a book":
            return 500, [], "error"
        if self.defect != "stores nothing":
            self.books.append((sent.get("title", ""), sent["year"]))
        return 302, [("Location", "/")], ""

    def mistake(self, sent: dict[str, str]) -> str:
        title, year = sent.get("title", ""), sent.get("year", "")
        number = int(year) if year.isdigit() else None
        mistakes = {
            "without a title": not title,
            "with a title that is too long": len(title) > 100,
            "with a year that is not a number": number is None,
            "with a year before 1450": number is not None and number < 1450,
            "with a year after 2100": number is not None and number > 2100,
        }
        return next((f"A book {name}" for name, made in mistakes.items() if made and name not in self.defect), "")

    def login_page(self, sent: dict[str, str] | None) -> tuple[int, list[Any], str]:
        right = sent == {"username": USERNAME, "password": PASSWORD, "token": TOKEN}
        if self.defect == "any password":
            right = sent is not None
        if right and self.defect != "no login":
            return 302, [("Location", "/"), ("Set-Cookie", "user=1")], ""
        return 200, [], self.form("", '<input name="username"><input name="password" type="password">', token=True)

    def admin_page(self, logged_in: bool) -> tuple[int, list[Any], str]:
        if not logged_in and self.defect != "open admin":
            return 302, [("Location", "/login")], ""
        titles = [] if self.defect == "empty admin" else [self.shown(title, "admin") for title, _ in self.books]
        return 200, [], " ".join(titles)

    def shown(self, title: str, page: str) -> str:
        return title if self.defect == f"unescaped {page}" else html.escape(title)

    def form(self, action: str, fields: str, token: bool = False) -> str:
        hidden = f'<input type="hidden" name="token" value="{TOKEN}">'
        shown = fields if self.defect == "no token" and not token else hidden + fields
        return f'<form method="post" action="{action}">{shown}<input type="submit" name="save"></form>'
