import asyncio

from quart import Quart, render_template, request

from comparison.experiments import box


def fill_template(folder, names):
    """render_template, with Jinja"""
    (folder / "base.html").write_text("<title>{% block title %}{% endblock %}</title>{% block body %}{% endblock %}")
    (folder / "names.html").write_text(
        "{% extends 'base.html' %}{% block title %}Names{% endblock %}"
        "{% block body %}{% for name in names %}<li>{{ name }}</li>{% endfor %}{% endblock %}"
    )
    app = Quart(__name__, template_folder=folder)

    async def render():
        async with app.app_context():
            return await render_template("names.html", names=names)

    return asyncio.run(render())


def read_fields():
    """request.form"""
    app = Quart(__name__)

    @app.post("/")
    async def title():
        form = await request.form
        return form["title"]

    return app


def draw_form():
    box.search("forms", "widget")


def refuse_wrong(fields):
    box.search("forms", "widget")


def serve_style_sheet(folder):
    """the folder static"""
    return Quart(__name__, static_folder=folder)


def check_token():
    box.search("csrf", "xsrf")
