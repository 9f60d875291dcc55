"""as its quickstart begins"""

from flask import Flask

from .plain import add_routes

application = Flask(__name__)
add_routes(application)
