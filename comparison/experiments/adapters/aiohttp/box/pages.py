from aiohttp import web

from comparison.experiments import box


def fill_template(folder, names):
    box.require("aiohttp_jinja2")


def read_fields():
    """request.post"""

    async def title(request):
        fields = await request.post()
        return web.Response(text=fields["title"])

    app = web.Application()
    app.add_routes([web.post("/", title)])
    return app


def draw_form():
    box.search("forms", "widget")


def refuse_wrong(fields):
    box.search("forms", "widget")


def serve_style_sheet(folder):
    """web.static"""
    app = web.Application()
    app.add_routes([web.static("/static", folder)])
    return app


def check_token():
    box.search("csrf", "xsrf")
