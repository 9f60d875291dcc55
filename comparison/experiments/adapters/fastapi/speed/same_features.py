"""sessions and host check of Starlette, a login that is a dependency, FastAPI CSRF Protect, a middleware for headers"""

from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi_csrf_protect import CsrfProtect
from starlette.middleware.sessions import SessionMiddleware

from .plain import add_routes


@CsrfProtect.load_config
def csrf_settings():
    return [("secret_key", "for measuring alone"), ("token_location", "body"), ("token_key", "csrf_token")]


async def current_user(request: Request):
    request.state.user = request.session.get("user")


async def check_token(request: Request, csrf: Annotated[CsrfProtect, Depends()]):
    if request.method == "POST":
        await csrf.validate_csrf(request)


application = FastAPI(dependencies=[Depends(current_user), Depends(check_token)])
application.add_middleware(SessionMiddleware, secret_key="for measuring alone")
application.add_middleware(TrustedHostMiddleware, allowed_hosts=["localhost"])


@application.middleware("http")
async def protect(request: Request, call_next):
    response = await call_next(request)
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return response


add_routes(application)
