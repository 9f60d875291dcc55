from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from comparison.experiments import box
from comparison.experiments.adapters.fastapi.box import STANDARD


def fill_template(folder, names):
    box.require_for("Jinja2Templates", "fastapi.templating:Jinja2Templates", "jinja2", STANDARD)


def read_fields():
    box.require_for("Form", "fastapi.params:Form", "python_multipart", STANDARD)


def draw_form():
    box.search("forms", "widget")


def refuse_wrong(fields):
    box.require_for("Form", "fastapi.params:Form", "python_multipart", STANDARD)


def serve_style_sheet(folder):
    """StaticFiles"""
    app = FastAPI()
    app.mount("/static", StaticFiles(directory=folder))
    return app


def check_token():
    box.search("csrf", "xsrf")
