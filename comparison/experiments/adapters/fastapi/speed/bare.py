"""no OpenAPI document and no pages about it"""

from fastapi import FastAPI

from .plain import add_routes

application = FastAPI(openapi_url=None)
add_routes(application)
