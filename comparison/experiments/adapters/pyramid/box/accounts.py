from pyramid.authentication import AuthTktCookieHelper
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.security import Allowed, Denied, remember
from pyramid.session import SignedCookieSessionFactory

from comparison.experiments import box
from comparison.experiments.adapters.pyramid.box import application


class SecurityPolicy:
    """Everybody may see what is private, and nobody may delete anything."""

    def __init__(self):
        self.ticket = AuthTktCookieHelper("box")

    def identity(self, request):
        return self.ticket.identify(request)

    def authenticated_userid(self, request):
        identity = self.identity(request)
        return identity and identity["userid"]

    def permits(self, request, context, permission):
        return Denied("nobody") if permission == "delete" else Allowed("everybody")

    def remember(self, request, userid, **options):
        return self.ticket.remember(request, userid, **options)


def log_in_view(request):
    return HTTPSeeOther("/", headers=remember(request, "ann"))


def delete(request):
    return Response("deleted")


def keep(request):
    request.session["colour"] = "blue"
    return Response("kept")


def read(request):
    return Response(request.session.get("colour", "nothing"))


def log_in(folder, name, password):
    box.search("login", "password", "account", besides="setuptools")


def refuse_without_permission(folder, name, password):
    """a view’s permission, asked of a security policy"""

    def include(config):
        config.set_security_policy(SecurityPolicy())
        config.add_route("delete", "/delete")
        config.add_view(delete, route_name="delete", permission="delete")

    return application({"/login": log_in_view}, include)


def add_in_admin(folder, name, password):
    box.search("admin", besides="setuptools")


def remember_visitor(folder):
    """SignedCookieSessionFactory"""
    return application({"/set": keep, "/get": read}, session_factory=SignedCookieSessionFactory("box"))


def sign_cookie():
    """SignedCookieSessionFactory"""
    factory = SignedCookieSessionFactory("box", secure=True, httponly=True, samesite="Lax")
    return application({"/set": keep, "/get": read}, session_factory=factory)
