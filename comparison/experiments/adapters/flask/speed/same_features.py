"""Flask-Login, Flask-WTF and Flask-Talisman"""

from flask import Flask
from flask_login import LoginManager, UserMixin
from flask_talisman import Talisman
from flask_wtf import CSRFProtect

from .plain import add_routes

application = Flask(__name__)
application.config.update(
    SECRET_KEY="for measuring alone",
    TRUSTED_HOSTS=["localhost"],
)
CSRFProtect(application)
Talisman(
    application,
    content_security_policy=None,
    force_https=False,
    frame_options="DENY",
    permissions_policy={},
    referrer_policy="same-origin",
    session_cookie_secure=False,
    strict_transport_security=False,
)
login_manager = LoginManager(application)


@login_manager.user_loader
def load_user(user_id):
    return UserMixin()


@application.after_request
def isolate_windows(response):
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return response


add_routes(application)
