from typing import Annotated

from fastapi import FastAPI, HTTPException, Request, Response, Security
from fastapi.responses import PlainTextResponse
from fastapi.security import SecurityScopes

from comparison.experiments import box


async def check_scopes(request: Request, needed: SecurityScopes):
    """Whom the visitor is, and what that one may do, is for the application to find out."""
    granted = {"ann": ["read"]}.get(request.cookies.get("name"), [])
    if not set(needed.scopes) <= set(granted):
        raise HTTPException(403)


def log_in(folder, name, password):
    box.search("login", "password", "account")


def refuse_without_permission(folder, name, password):
    """Security and SecurityScopes, compared by the application"""
    app = FastAPI()

    @app.api_route("/login", methods=["GET", "POST"])
    async def login():
        response = PlainTextResponse("logged in")
        response.set_cookie("name", name)
        return response

    @app.get("/delete")
    async def delete(checked: Annotated[None, Security(check_scopes, scopes=["delete"])]):
        return "deleted"

    return app


def add_in_admin(folder, name, password):
    box.search("admin")


def remember_visitor(folder):
    box.require_for(
        "Starlette’s SessionMiddleware", "starlette.middleware.sessions:SessionMiddleware", "itsdangerous", "it needs"
    )


def sign_cookie():
    """Response.set_cookie; Starlette’s SessionMiddleware, which signs, needs itsdangerous, which is not there"""
    app = FastAPI()

    @app.get("/set")
    def keep(response: Response) -> str:
        response.set_cookie("colour", "blue", secure=True, httponly=True, samesite="lax")
        return "kept"

    @app.get("/get")
    def read(request: Request) -> str:
        return request.cookies.get("colour", "nothing")

    return app
