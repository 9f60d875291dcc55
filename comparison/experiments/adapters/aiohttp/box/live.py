from aiohttp import WSMsgType, web


async def echo(request):
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        if message.type == WSMsgType.TEXT:
            await socket.send_str(message.data)
    return socket


def send_word_back():
    """WebSocketResponse"""
    app = web.Application()
    app.add_routes([web.get("/echo", echo)])
    return app
