from comparison.experiments import box


def log_in(folder, name, password):
    box.require("aiohttp_security")


def refuse_without_permission(folder, name, password):
    box.require("aiohttp_security")


def add_in_admin(folder, name, password):
    box.search("admin")


def remember_visitor(folder):
    box.require("aiohttp_session")


def sign_cookie():
    box.require("aiohttp_session")
