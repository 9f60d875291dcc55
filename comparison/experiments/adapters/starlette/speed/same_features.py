"""its own sessions, authentication and host check, Starlette-WTF, and a middleware for the headers"""

from starlette.applications import Starlette
from starlette.authentication import AuthCredentials, AuthenticationBackend, SimpleUser
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette_wtf import CSRFProtectMiddleware

from .plain import ROUTES


class SessionBackend(AuthenticationBackend):
    async def authenticate(self, conn):
        if name := conn.session.get("user"):
            return AuthCredentials(["authenticated"]), SimpleUser(name)
        return None


class ProtectingHeaders:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def send_with_headers(message):
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Frame-Options"] = "DENY"
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
            await send(message)

        await self.app(scope, receive, send_with_headers)


application = Starlette(
    routes=ROUTES,
    middleware=[
        Middleware(ProtectingHeaders),
        Middleware(TrustedHostMiddleware, allowed_hosts=["localhost"]),
        Middleware(SessionMiddleware, secret_key="for measuring alone"),
        Middleware(AuthenticationMiddleware, backend=SessionBackend()),
        Middleware(CSRFProtectMiddleware, csrf_secret="for measuring alone"),
    ],
)
