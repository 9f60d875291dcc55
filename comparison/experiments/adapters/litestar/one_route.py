from litestar import Litestar, get


@get("/")
async def hello_world() -> str:
    return "Hello, World!"


application = Litestar([hello_world])
