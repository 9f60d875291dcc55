from litestar import Litestar, websocket_listener


@websocket_listener("/echo")
async def echo(data: str) -> str:
    return data


def send_word_back():
    """websocket_listener"""
    return Litestar([echo])
