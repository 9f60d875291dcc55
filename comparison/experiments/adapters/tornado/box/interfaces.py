from tornado.escape import json_decode
from tornado.web import Application, RequestHandler

from comparison.experiments import box


class Note(RequestHandler):
    def get(self):
        self.write({"title": "Milk"})

    def post(self):
        note = json_decode(self.request.body)
        self.write(note["title"])


class Thing(RequestHandler):
    def get(self):
        self.write("read")

    def delete(self):
        self.write("deleted")


class Double(RequestHandler):
    def get(self, count: int):
        self.write(count * 2)


def answer_json():
    """write with a dictionary"""
    return Application([(r"/note", Note)])


def read_json():
    """tornado.escape.json_decode"""
    return Application([(r"/note", Note)])


def tell_methods_apart():
    """methods of RequestHandler"""
    return Application([(r"/thing", Thing)])


def describe():
    box.search("openapi", "swagger")


def check_hints():
    return Application([(r"/double/([^/]+)", Double)])
