"""its application object alone"""

from bottle import Bottle

from .plain import add_routes

application = Bottle()
add_routes(application)
