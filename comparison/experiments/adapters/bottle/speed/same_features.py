"""Beaker for sessions, and hooks for tokens, hosts and headers"""

from beaker.middleware import SessionMiddleware
from bottle import Bottle, abort, request, response

from .plain import add_routes

ALLOWED_HOSTS = {"localhost"}
SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

app = Bottle()


@app.hook("before_request")
def check_request():
    if request.get_header("Host") not in ALLOWED_HOSTS:
        abort(400)
    session = request.session = request.environ["beaker.session"]
    if request.method not in SAFE_METHODS:
        token = session.get("csrf_token")
        if not token or request.forms.get("csrf_token") != token:
            abort(403)


@app.hook("after_request")
def protect():
    response.headers.update(HEADERS)


add_routes(app)
application = SessionMiddleware(
    app,
    {
        "session.type": "cookie",
        "session.validate_key": "for measuring alone",
        "session.data_serializer": "json",
        "session.samesite": "Lax",
        "session.httponly": True,
    },
)
