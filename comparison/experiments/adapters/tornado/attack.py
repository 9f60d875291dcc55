"""An application as the guide begins one, with the pages that the attacks are made on."""

from tornado.template import Loader
from tornado.web import Application, RequestHandler

from comparison.experiments import box


class Form(RequestHandler):
    def get(self):
        self.write("<form method=post><input name=title></form>")

    def post(self):
        self.write("saved")


class Link(RequestHandler):
    def get(self):
        self.write(self.request.full_url())


class Keep(RequestHandler):
    def get(self):
        self.set_signed_cookie("colour", "blue")
        self.write("kept")


class Read(RequestHandler):
    def get(self):
        self.write(self.get_signed_cookie("colour") or "nothing")


ROUTES = [(r"/form", Form), (r"/link", Link), (r"/set", Keep), (r"/get", Read)]


def application(**settings):
    return Application(ROUTES, cookie_secret="attack", **settings)


def form(folder):
    return application()


def form_when_set(folder):
    """with the setting xsrf_cookies"""
    return application(xsrf_cookies=True)


def link(folder):
    return application()


def link_when_set(folder):
    """with HostMatches around the routes"""
    from tornado.routing import HostMatches

    return Application([(HostMatches("localhost"), ROUTES)])


def headers(folder):
    return application()


def headers_when_set(folder):
    box.search("hsts", "frame_options", "secure_header")


def session(folder):
    """a signed cookie; it has no sessions"""
    return application()


def fill(folder, name):
    (folder / "name.html").write_text('<p title="{{ name }}">{{ name }}</p>')
    return Loader(str(folder)).load("name.html").generate(name=name).decode()


def hashing():
    box.search("password", "hash", "crypt")
