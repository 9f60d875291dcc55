from quart import Quart

application = Quart(__name__)


@application.route("/")
async def hello():
    return "Hello, World!"
