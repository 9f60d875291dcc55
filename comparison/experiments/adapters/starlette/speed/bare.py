"""no middleware beside the two that are always there"""

from starlette.applications import Starlette

from .plain import ROUTES

application = Starlette(routes=ROUTES)
