"""signed cookies, xsrf_cookies and a base class of the handlers; it has no sessions"""

from tornado.web import Application, HTTPError, RequestHandler

from .plain import routes

HOSTS = ("localhost",)


class BaseHandler(RequestHandler):
    def set_default_headers(self):
        self.set_header("X-Frame-Options", "DENY")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("Cross-Origin-Opener-Policy", "same-origin")

    def get_current_user(self):
        return self.get_signed_cookie("user")

    def prepare(self):
        if self.request.host_name not in HOSTS:
            raise HTTPError(400)


application = Application(
    routes(BaseHandler),
    cookie_secret="for measuring alone",
    login_url="/login",
    xsrf_cookies=True,
)
