import hashlib
import os
from hmac import compare_digest

from tornado.web import Application, RequestHandler, authenticated

from comparison.experiments import box

FORM = "<form method=post><input name=username><input name=password></form>"


class AccountHandler(RequestHandler):
    def get_current_user(self):
        name = self.get_signed_cookie("user")
        return name.decode() if name else None


class Login(AccountHandler):
    def initialize(self, accounts):
        self.accounts = accounts

    def get(self):
        self.write(FORM)

    def post(self):
        name = self.get_body_argument("username")
        salt, stored = self.accounts[name]
        if compare_digest(slow_hash(self.get_body_argument("password"), salt), stored):
            self.set_signed_cookie("user", name)
        self.redirect("/private")


class Private(AccountHandler):
    @authenticated
    def get(self):
        self.write(f"Hello, {self.current_user}")


def slow_hash(password, salt):
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def log_in(folder, name, password):
    """authenticated and signed cookies; the account and its password are kept by hand, it has nothing for them"""
    salt = os.urandom(16)
    accounts = {name: (salt, slow_hash(password, salt))}
    return Application(
        [(r"/login", Login, {"accounts": accounts}), (r"/private", Private)],
        cookie_secret="box",
        login_url="/login",
    )


def refuse_without_permission(folder, name, password):
    box.search("permission")


def add_in_admin(folder, name, password):
    box.search("admin")


def remember_visitor(folder):
    box.search("session")


class SetColour(RequestHandler):
    def get(self):
        self.set_signed_cookie("colour", "blue", secure=True, httponly=True, samesite="Lax")


class GetColour(RequestHandler):
    def get(self):
        self.write(self.get_signed_cookie("colour") or "nothing")


def remembering():
    return Application([(r"/set", SetColour), (r"/get", GetColour)], cookie_secret="box")


def sign_cookie():
    """set_signed_cookie"""
    return remembering()
