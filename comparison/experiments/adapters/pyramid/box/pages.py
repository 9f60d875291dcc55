from pyramid.csrf import get_csrf_token
from pyramid.response import Response
from pyramid.session import SignedCookieSessionFactory

from comparison.experiments import box
from comparison.experiments.adapters.pyramid.box import application


def title(request):
    return Response(request.POST["title"])


def form(request):
    if request.method == "POST":
        return Response("saved")
    return Response(
        f'<form method="post"><input type="hidden" name="csrf_token" value="{get_csrf_token(request)}"></form>'
    )


def fill_template(folder, names):
    box.require("pyramid_jinja2")


def read_fields():
    """request.POST"""
    return application({"/": title})


def draw_form():
    box.require("deform")


def refuse_wrong(fields):
    box.require("colander")


def serve_style_sheet(folder):
    """add_static_view"""
    return application({}, lambda config: config.add_static_view("static", str(folder)))


def check_token():
    """set_default_csrf_options"""
    return application(
        {"/form": form},
        lambda config: config.set_default_csrf_options(require_csrf=True),
        session_factory=SignedCookieSessionFactory("box"),
    )
