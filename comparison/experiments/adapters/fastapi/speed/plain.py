from fastapi.responses import PlainTextResponse


async def plaintext():
    return "Hello, World!"


async def json():
    return {"message": "Hello, World!"}


def add_routes(application):
    application.get("/plaintext", response_class=PlainTextResponse)(plaintext)
    application.get("/json")(json)
