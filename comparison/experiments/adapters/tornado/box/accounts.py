from tornado.web import Application, RequestHandler, authenticated

from comparison.experiments import box


class Visit(RequestHandler):
    def get_current_user(self):
        return self.get_signed_cookie("user")


class Login(Visit):
    def get(self):
        self.set_signed_cookie("user", "ann")

    post = get


class Delete(Visit):
    @authenticated
    def get(self):
        self.write("deleted")


def log_in(folder, name, password):
    box.search("login", "password", "account")


def refuse_without_permission(folder, name, password):
    """authenticated, with a signed cookie"""
    return Application([(r"/login", Login), (r"/delete", Delete)], cookie_secret="box", login_url="/login")


def add_in_admin(folder, name, password):
    box.search("admin")


def remember_visitor(folder):
    box.search("session")


class SetColour(RequestHandler):
    def get(self):
        self.set_signed_cookie("colour", "blue", secure=True, httponly=True, samesite="Lax")


class GetColour(RequestHandler):
    def get(self):
        self.write(self.get_signed_cookie("colour") or "nothing")


def remembering():
    return Application([(r"/set", SetColour), (r"/get", GetColour)], cookie_secret="box")


def sign_cookie():
    """set_signed_cookie"""
    return remembering()
