"""as its quickstart begins, which has no middleware"""

from aiohttp import web

from .plain import routes

application = web.Application()
application.add_routes(routes)
