import falcon
import falcon.asgi


class Echo:
    async def on_websocket(self, req, ws):
        await ws.accept()
        try:
            while True:
                await ws.send_text(await ws.receive_text())
        except falcon.WebSocketDisconnected:
            pass


def send_word_back():
    """falcon.asgi"""
    app = falcon.asgi.App()
    app.add_route("/echo", Echo())
    return app
