"""its own sessions, authentication, CSRF protection, host check and headers"""

from litestar import Litestar
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.config.csrf import CSRFConfig
from litestar.middleware.authentication import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.middleware.session.server_side import ServerSideSessionConfig

from .plain import ROUTES


class SessionAuthentication(AbstractAuthenticationMiddleware):
    """Strangers may see the pages too, unlike with SessionAuth."""

    async def authenticate_request(self, connection):
        return AuthenticationResult(user=connection.session.get("user"), auth=connection.session)


application = Litestar(
    ROUTES,
    middleware=[ServerSideSessionConfig().middleware, SessionAuthentication],
    csrf_config=CSRFConfig(secret="for measuring alone"),
    allowed_hosts=AllowedHostsConfig(allowed_hosts=["localhost"]),
    response_headers={
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    },
)
