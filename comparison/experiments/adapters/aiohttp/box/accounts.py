from aiohttp import web

from comparison.experiments import box


def log_in(folder, name, password):
    box.require("aiohttp_security")


def refuse_without_permission(folder, name, password):
    box.require("aiohttp_security")


def add_in_admin(folder, name, password):
    box.search("admin")


def remember_visitor(folder):
    box.require("aiohttp_session")


async def set_cookie(request):
    response = web.Response(text="kept")
    response.set_cookie("colour", "blue", secure=True, httponly=True, samesite="Lax")
    return response


async def get_cookie(request):
    return web.Response(text=request.cookies.get("colour", "nothing"))


def sign_cookie():
    """Response.set_cookie"""
    app = web.Application()
    app.add_routes([web.get("/set", set_cookie), web.get("/get", get_cookie)])
    return app
