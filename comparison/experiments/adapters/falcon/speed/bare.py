"""its WSGI application object alone"""

import falcon

from .plain import add_routes

application = falcon.App()
add_routes(application)
