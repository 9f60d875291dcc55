"""as its tutorial begins"""

from fastapi import FastAPI

from .plain import add_routes

application = FastAPI()
add_routes(application)
