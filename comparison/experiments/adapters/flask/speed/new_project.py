"""static files and a secret key"""

from flask import Flask

from .plain import add_routes

application = Flask(__name__)
application.secret_key = "for measuring alone"
add_routes(application)
