"""no OpenAPI document and no pages about it"""

from litestar import Litestar

from .plain import ROUTES

application = Litestar(ROUTES, openapi_config=None)
