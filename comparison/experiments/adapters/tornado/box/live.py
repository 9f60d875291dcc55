from tornado.web import Application
from tornado.websocket import WebSocketHandler


class Echo(WebSocketHandler):
    def on_message(self, message):
        self.write_message(message)


def send_word_back():
    """tornado.websocket"""
    return Application([(r"/echo", Echo)])
