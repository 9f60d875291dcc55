"""as its introduction begins"""

from litestar import Litestar

from .plain import ROUTES

application = Litestar(ROUTES)
