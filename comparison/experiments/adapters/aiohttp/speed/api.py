"""no middleware"""

from aiohttp import web

routes = web.RouteTableDef()


async def static_route(request):
    return web.Response(text="ok")


async def dynamic_route(request):
    return web.Response(text="ok")


@routes.put(r"/api/users/{user:\d+}/records/{record:\d+}")
async def record(request):
    if "Authorization" not in request.headers:
        raise web.HTTPUnauthorized
    return web.json_response(
        {
            "params": {name: int(number) for name, number in request.match_info.items()},
            "query": dict(request.query),
            "data": await request.json(),
        }
    )


@routes.post("/upload")
async def upload(request):
    fields = await request.post()
    file = fields.get("file")
    if not isinstance(file, web.FileField):
        raise web.HTTPBadRequest
    size = len(file.file.read())
    return web.Response(text=f"{file.filename} {size}")


application = web.Application()
application.add_routes(web.get(f"/route-{number}", static_route) for number in range(5))
application.add_routes(web.get(f"/route-dyn-{number}/{{part}}", dynamic_route) for number in range(5))
application.add_routes(routes)
