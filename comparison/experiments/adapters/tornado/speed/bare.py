"""no settings"""

from tornado.web import Application

from .plain import routes

application = Application(routes())
