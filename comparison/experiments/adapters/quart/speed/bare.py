"""no static files and no secret key"""

from quart import Quart

from .plain import add_routes

application = Quart(__name__, static_folder=None)
add_routes(application)
