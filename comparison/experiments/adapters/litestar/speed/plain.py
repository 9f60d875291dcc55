from litestar import get


@get("/plaintext")
async def plaintext() -> str:
    return "Hello, World!"


@get("/json")
async def json() -> dict[str, str]:
    return {"message": "Hello, World!"}


ROUTES = [plaintext, json]
