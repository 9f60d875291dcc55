"""Jinja2, by pyramid_jinja2"""

from pyramid.config import Configurator

from comparison.experiments.techempower import large_table

ROWS = large_table()


def table(request):
    return {"rows": ROWS}


with Configurator() as config:
    config.include("pyramid_jinja2")
    config.add_jinja2_renderer(".html")
    config.add_route("table", "/table")
    config.add_view(table, route_name="table", renderer="templates/large_table.html")
    application = config.make_wsgi_app()
