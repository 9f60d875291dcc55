"""routes and views alone"""

from pyramid.config import Configurator

from .plain import add_routes

with Configurator() as config:
    add_routes(config)
    application = config.make_wsgi_app()
