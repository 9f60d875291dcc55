"""no static files and no secret key"""

from flask import Flask

from .plain import add_routes

application = Flask(__name__, static_folder=None)
add_routes(application)
