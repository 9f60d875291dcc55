from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/plaintext")
async def plaintext(request):
    return web.Response(text="Hello, World!")


@routes.get("/json")
async def json(request):
    return web.json_response({"message": "Hello, World!"})
