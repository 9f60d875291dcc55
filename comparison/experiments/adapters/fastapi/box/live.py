from fastapi import FastAPI, WebSocket


def send_word_back():
    """app.websocket"""
    app = FastAPI()

    @app.websocket("/echo")
    async def echo(websocket: WebSocket):
        await websocket.accept()
        await websocket.send_text(await websocket.receive_text())
        await websocket.close()

    return app
