"""Quart-Auth and Quart-WTForms; host check and headers by functions before and after each request"""

from quart import Quart, abort, request
from quart_auth import QuartAuth
from quart_wtf import CSRFProtect

from .plain import add_routes

application = Quart(__name__)
application.config.update(SECRET_KEY="for measuring alone", QUART_AUTH_COOKIE_SECURE=False)
CSRFProtect(application)
QuartAuth(application)


@application.before_request
async def check_host():
    if request.host != "localhost":
        abort(400)


@application.after_request
async def protect(response):
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return response


add_routes(application)
