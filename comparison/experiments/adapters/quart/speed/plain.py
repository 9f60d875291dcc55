async def plaintext():
    return "Hello, World!", {"Content-Type": "text/plain"}


async def json():
    return {"message": "Hello, World!"}


def add_routes(application):
    application.add_url_rule("/plaintext", view_func=plaintext)
    application.add_url_rule("/json", view_func=json)
