from bottle import response


def plaintext():
    response.content_type = "text/plain"
    return "Hello, World!"


def json():
    return {"message": "Hello, World!"}


def add_routes(application):
    application.get("/plaintext", callback=plaintext)
    application.get("/json", callback=json)
