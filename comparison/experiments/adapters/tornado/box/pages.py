from tornado.template import Loader
from tornado.web import Application, RequestHandler

from comparison.experiments import box


def fill_template(folder, names):
    """tornado.template"""
    (folder / "base.html").write_text("<title>{% block title %}{% end %}</title>{% block body %}{% end %}")
    (folder / "names.html").write_text(
        "{% extends 'base.html' %}{% block title %}Names{% end %}"
        "{% block body %}{% for name in names %}<li>{{ name }}</li>{% end %}{% end %}"
    )
    return Loader(str(folder)).load("names.html").generate(names=names).decode()


class Title(RequestHandler):
    def post(self):
        self.write(self.get_body_argument("title"))


def read_fields():
    """get_body_argument"""
    return Application([(r"/", Title)])


def draw_form():
    box.search("forms", "widget")


def refuse_wrong(fields):
    box.search("forms", "widget")


def serve_style_sheet(folder):
    """the setting static_path"""
    return Application(static_path=folder)


class Form(RequestHandler):
    def get(self):
        self.write(f"<form method=post>{self.xsrf_form_html()}</form>")

    def post(self):
        self.write("saved")


def check_token():
    """the setting xsrf_cookies"""
    return Application([(r"/form", Form)], xsrf_cookies=True)
