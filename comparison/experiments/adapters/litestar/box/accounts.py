from litestar import Litestar, Request, Response, get, route
from litestar.datastructures import Cookie
from litestar.exceptions import PermissionDeniedException
from litestar.middleware.session.server_side import ServerSideSessionConfig
from litestar.security.session_auth import SessionAuth

from comparison.experiments import box


async def retrieve_user(session, connection):
    """Who the visitor is, is for the application to find out."""
    return session.get("name")


def may_delete(connection, handler):
    if connection.user not in ("librarian",):
        raise PermissionDeniedException


@route("/login", http_method=["GET", "POST"], status_code=200, exclude_from_auth=True)
async def login(request: Request) -> str:
    request.set_session({"name": "ann"})
    return "logged in"


@get("/delete", guards=[may_delete])
async def delete() -> str:
    return "deleted"


@get("/set")
async def keep(request: Request) -> str:
    request.session["colour"] = "blue"
    return "kept"


@get("/get")
async def read(request: Request) -> str:
    return request.session.get("colour", "nothing")


def log_in(folder, name, password):
    box.search("login", "password", "account")


def refuse_without_permission(folder, name, password):
    """SessionAuth and a guard"""
    auth = SessionAuth(session_backend_config=ServerSideSessionConfig(), retrieve_user_handler=retrieve_user)
    return Litestar([login, delete], on_app_init=[auth.on_app_init])


def add_in_admin(folder, name, password):
    box.search("admin")


def remember_visitor(folder):
    """ServerSideSessionConfig"""
    return Litestar([keep, read], middleware=[ServerSideSessionConfig().middleware])


@get("/set")
async def set_cookie() -> Response[str]:
    cookie = Cookie(key="colour", value="blue", secure=True, httponly=True, samesite="lax")
    return Response("kept", cookies=[cookie])


@get("/get")
async def get_cookie(request: Request) -> str:
    return request.cookies.get("colour", "nothing")


def sign_cookie():
    """Cookie; what CookieBackendConfig encrypts needs cryptography, which is not there"""
    return Litestar([set_cookie, get_cookie])
