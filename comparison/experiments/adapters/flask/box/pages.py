from flask import Flask, render_template, request

from comparison.experiments import box


def fill_template(folder, names):
    """render_template, with Jinja"""
    (folder / "base.html").write_text("<title>{% block title %}{% endblock %}</title>{% block body %}{% endblock %}")
    (folder / "names.html").write_text(
        "{% extends 'base.html' %}{% block title %}Names{% endblock %}"
        "{% block body %}{% for name in names %}<li>{{ name }}</li>{% endfor %}{% endblock %}"
    )
    app = Flask(__name__, template_folder=folder)
    with app.app_context():
        return render_template("names.html", names=names)


def read_fields():
    """request.form"""
    app = Flask(__name__)
    app.add_url_rule("/", methods=["POST"], view_func=lambda: request.form["title"])
    return app


def draw_form():
    box.require("wtforms")


def refuse_wrong(fields):
    box.require("wtforms")


def serve_style_sheet(folder):
    """the folder static"""
    return Flask(__name__, static_folder=folder)


def check_token():
    box.require("flask_wtf")
