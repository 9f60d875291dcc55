"""as its quickstart begins"""

from quart import Quart

from .plain import add_routes

application = Quart(__name__)
add_routes(application)
