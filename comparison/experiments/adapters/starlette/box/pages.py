from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from comparison.experiments import box
from comparison.experiments.adapters.starlette.box import FULL


def fill_template(folder, names):
    box.require_for("Jinja2Templates", "starlette.templating:Jinja2Templates", "jinja2", FULL)


def read_fields():
    box.require_for("Request.form", "starlette.requests:form", "python_multipart", FULL)


def draw_form():
    box.require("starlette_wtf")


def refuse_wrong(fields):
    box.require("starlette_wtf")


def serve_style_sheet(folder):
    """StaticFiles"""
    return Starlette(routes=[Mount("/static", StaticFiles(directory=folder))])


def check_token():
    box.require("starlette_wtf")
