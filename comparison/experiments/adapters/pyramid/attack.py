"""An application as the documentation begins one, with the pages that the attacks are made on."""

from pyramid.config import Configurator
from pyramid.response import Response
from pyramid.session import SignedCookieSessionFactory

from comparison.experiments import box
from comparison.experiments.spec import NotOffered


def form_view(request):
    return Response("saved" if request.method == "POST" else "<form method=post><input name=title></form>")


def link_view(request):
    return Response(request.url)


def keep(request):
    request.session["colour"] = "blue"
    return Response("kept")


def read(request):
    return Response(request.session.get("colour", "nothing"))


def application(require_csrf=False, **options):
    with Configurator(**options) as config:
        if require_csrf:
            config.set_default_csrf_options(require_csrf=True)
        for name, view in {"form": form_view, "link": link_view, "set": keep, "get": read}.items():
            config.add_route(name, f"/{name}")
            config.add_view(view, route_name=name)
        return config.make_wsgi_app()


def form(folder):
    return application()


def form_when_set(folder):
    """with set_default_csrf_options and a session factory"""
    return application(require_csrf=True, session_factory=SignedCookieSessionFactory("attack"))


def link(folder):
    return application()


def link_when_set(folder):
    box.search("trusted", "hosts", besides="setuptools")


def headers(folder):
    return application()


def headers_when_set(folder):
    box.search("hsts", "frame_options", "secure_header", besides="setuptools")


def session(folder):
    return application(session_factory=SignedCookieSessionFactory("attack"))


def fill(folder, name):
    raise NotOffered("has no template engine until one is installed")


def hashing():
    box.search("password", "hash", "crypt", besides="setuptools")
