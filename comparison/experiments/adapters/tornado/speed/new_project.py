"""as its guide begins, which sets nothing"""

from tornado.web import Application

from .plain import routes

application = Application(routes())
