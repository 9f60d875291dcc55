from starlette.applications import Starlette
from starlette.authentication import AuthCredentials, AuthenticationBackend, SimpleUser, requires
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from comparison.experiments import box
from comparison.experiments.adapters.starlette.box import FULL


class CookieBackend(AuthenticationBackend):
    """Takes the visitor's word: who that is, is for the application to find out."""

    async def authenticate(self, conn):
        if name := conn.cookies.get("name"):
            return AuthCredentials(["authenticated"]), SimpleUser(name)
        return None


async def login(request):
    response = PlainTextResponse("logged in")
    response.set_cookie("name", "ann")
    return response


@requires("delete")
async def delete(request):
    return PlainTextResponse("deleted")


def log_in(folder, name, password):
    box.require("starlette_login")


def refuse_without_permission(folder, name, password):
    """starlette.authentication.requires"""
    routes = [Route("/login", login, methods=["GET", "POST"]), Route("/delete", delete)]
    return Starlette(routes=routes, middleware=[Middleware(AuthenticationMiddleware, backend=CookieBackend())])


def add_in_admin(folder, name, password):
    box.require("starlette_admin")


def remember_visitor(folder):
    box.require_for("SessionMiddleware", "starlette.middleware.sessions:SessionMiddleware", "itsdangerous", FULL)


async def set_cookie(request):
    response = PlainTextResponse("kept")
    response.set_cookie("colour", "blue", secure=True, httponly=True, samesite="lax")
    return response


async def get_cookie(request):
    return PlainTextResponse(request.cookies.get("colour", "nothing"))


def sign_cookie():
    """Response.set_cookie; SessionMiddleware, which signs, needs itsdangerous, which is not there"""
    return Starlette(routes=[Route("/set", set_cookie), Route("/get", get_cookie)])
