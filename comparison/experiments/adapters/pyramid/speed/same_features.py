"""its own sessions, login and tokens, and a tween for hosts and headers"""

from pyramid.authentication import AuthTktCookieHelper
from pyramid.config import Configurator
from pyramid.security import Allowed, Denied
from pyramid.session import SignedCookieSessionFactory

from .plain import add_routes


class SecurityPolicy:
    def __init__(self):
        self.ticket = AuthTktCookieHelper("for measuring alone", hashalg="sha512")

    def identity(self, request):
        return self.ticket.identify(request)

    def authenticated_userid(self, request):
        identity = self.identity(request)
        return identity and identity["userid"]

    def permits(self, request, context, permission):
        return Allowed("a user") if self.identity(request) else Denied("nobody")


with Configurator() as config:
    config.set_session_factory(SignedCookieSessionFactory("for measuring alone", httponly=True, samesite="Lax"))
    config.set_default_csrf_options(require_csrf=True)
    config.set_security_policy(SecurityPolicy())
    config.add_tween(f"{__package__}.tweens.protect")
    add_routes(config)
    application = config.make_wsgi_app()
