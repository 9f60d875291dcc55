from starlette.applications import Starlette
from starlette.routing import WebSocketRoute


async def echo(websocket):
    await websocket.accept()
    await websocket.send_text(await websocket.receive_text())
    await websocket.close()


def send_word_back():
    """WebSocketRoute"""
    return Starlette(routes=[WebSocketRoute("/echo", echo)])
