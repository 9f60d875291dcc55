"""Beaker for sessions, and a middleware for tokens, hosts and headers"""

import falcon
from beaker.middleware import SessionMiddleware

from .plain import add_routes

ALLOWED_HOSTS = {"localhost"}
SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Protection:
    def process_request(self, req, resp):
        if req.host not in ALLOWED_HOSTS:
            raise falcon.HTTPBadRequest
        session = req.context.session = req.env["beaker.session"]
        if req.method not in SAFE_METHODS:
            token = session.get("csrf_token")
            if not token or req.get_media().get("csrf_token") != token:
                raise falcon.HTTPForbidden

    def process_response(self, req, resp, resource, req_succeeded):
        resp.set_headers(HEADERS)


app = falcon.App(middleware=[Protection()])
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
