from aiohttp import web


async def hello(request):
    return web.Response(text="Hello, World!")


application = web.Application()
application.add_routes([web.get("/", hello)])
