from quart import Quart, websocket


def send_word_back():
    """app.websocket"""
    app = Quart(__name__)

    @app.websocket("/echo")
    async def echo():
        await websocket.send(await websocket.receive())

    return app
