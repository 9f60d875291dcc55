"""aiohttp-session, aiohttp-security and middlewares for the rest"""

import secrets
from hmac import compare_digest

import aiohttp_security
import aiohttp_session
from aiohttp import web
from aiohttp_session.cookie_storage import EncryptedCookieStorage
from cryptography.fernet import Fernet

from .plain import routes

HOSTS = ("localhost",)


class Policy(aiohttp_security.AbstractAuthorizationPolicy):
    async def authorized_userid(self, identity):
        return identity

    async def permits(self, identity, permission, context=None):
        return False


@web.middleware
async def check_host(request, handler):
    if request.url.host not in HOSTS:
        raise web.HTTPBadRequest
    return await handler(request)


@web.middleware
async def check_token(request, handler):
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        session = await aiohttp_session.get_session(request)
        fields = await request.post()
        token = session.setdefault("token", secrets.token_urlsafe())
        if not compare_digest(str(fields.get("token", "")), token):
            raise web.HTTPForbidden
    return await handler(request)


async def protect(request, response):
    response.headers.update(
        {
            "X-Frame-Options": "DENY",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
    )


sessions = aiohttp_session.session_middleware(EncryptedCookieStorage(Fernet(Fernet.generate_key())))
application = web.Application(middlewares=[check_host, sessions, check_token])
aiohttp_security.setup(application, aiohttp_security.SessionIdentityPolicy(), Policy())
application.on_response_prepare.append(protect)
application.add_routes(routes)
