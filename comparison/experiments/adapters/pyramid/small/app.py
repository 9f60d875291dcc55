import os
import sys

import bcrypt
import colander
import deform
import zope.sqlalchemy
from pyramid.authentication import AuthTktCookieHelper
from pyramid.config import Configurator
from pyramid.csrf import CookieCSRFStoragePolicy, get_csrf_token, new_csrf_token
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.security import Allowed, Denied, forget, remember
from pyramid.view import forbidden_view_config, view_config
from sqlalchemy import String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(150), unique=True)
    password_hash: Mapped[bytes]


class Book(Base):
    __tablename__ = "book"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(100))
    year: Mapped[int]


engine = create_engine(f"sqlite:///{os.environ['DATABASE']}")
open_session = sessionmaker(engine)


def dbsession(request):
    session = open_session()
    zope.sqlalchemy.register(session, transaction_manager=request.tm)
    return session


class SecurityPolicy:
    def __init__(self, secret):
        self.ticket = AuthTktCookieHelper(secret, hashalg="sha512", http_only=True, samesite="Lax")

    def identity(self, request):
        identity = self.ticket.identify(request)
        return identity and request.dbsession.get(User, identity["userid"])

    def authenticated_userid(self, request):
        user = self.identity(request)
        return user and user.id

    def permits(self, request, context, permission):
        return Allowed("a user") if self.identity(request) else Denied("nobody")

    def remember(self, request, userid, **options):
        return self.ticket.remember(request, userid, **options)

    def forget(self, request, **options):
        return self.ticket.forget(request, **options)


@colander.deferred
def current_token(node, bindings):
    return get_csrf_token(bindings["request"])


class SecureSchema(colander.Schema):
    csrf_token = colander.SchemaNode(colander.String(), default=current_token, widget=deform.widget.HiddenWidget())


class BookSchema(SecureSchema):
    title = colander.SchemaNode(colander.String(), validator=colander.Length(max=100))
    year = colander.SchemaNode(colander.Integer(), validator=colander.Range(1450, 2100))


class LoginSchema(SecureSchema):
    username = colander.SchemaNode(colander.String())
    password = colander.SchemaNode(colander.String(), widget=deform.widget.PasswordWidget())

    def validator(self, node, values):
        session = self.bindings["request"].dbsession
        user = session.scalar(select(User).filter_by(username=values["username"]))
        if not user or not bcrypt.checkpw(values["password"].encode(), user.password_hash):
            raise colander.Invalid(node, "Wrong username or password.")
        values["user_id"] = user.id


@view_config(route_name="book_list", renderer="templates/book_list.html")
def book_list(request):
    return {"title": "Books", "books": request.dbsession.scalars(select(Book).order_by(Book.title))}


@view_config(route_name="admin", renderer="templates/book_list.html", permission="edit")
def admin(request):
    return {"title": "All books", "books": request.dbsession.scalars(select(Book).order_by(Book.id))}


@view_config(route_name="book_create", renderer="templates/form.html", permission="edit")
def book_create(request):
    form = deform.Form(BookSchema().bind(request=request), buttons=["Save"])
    if request.method == "POST":
        try:
            values = form.validate(request.POST.items())
        except deform.ValidationFailure:
            return {"title": "New book", "form": form}
        request.dbsession.add(Book(title=values["title"], year=values["year"]))
        return HTTPSeeOther(request.route_path("book_list"))
    return {"title": "New book", "form": form}


@view_config(route_name="log_in", renderer="templates/form.html")
def log_in(request):
    form = deform.Form(LoginSchema().bind(request=request), buttons=["Log in"])
    if request.method == "POST":
        try:
            values = form.validate(request.POST.items())
        except deform.ValidationFailure:
            return {"title": "Log in", "form": form}
        new_csrf_token(request)
        return HTTPSeeOther(request.route_path("book_list"), headers=remember(request, values["user_id"]))
    return {"title": "Log in", "form": form}


@view_config(route_name="log_out", request_method="POST")
def log_out(request):
    new_csrf_token(request)
    return HTTPSeeOther(request.route_path("book_list"), headers=forget(request))


@forbidden_view_config()
def forbidden(request):
    return HTTPSeeOther(request.route_path("log_in"))


def main(global_config, **settings):
    with Configurator(settings={"tm.manager_hook": "pyramid_tm.explicit_manager", **settings}) as config:
        config.include("pyramid_jinja2")
        config.include("pyramid_tm")
        config.add_jinja2_renderer(".html")
        config.add_request_method(dbsession, reify=True)
        config.set_security_policy(SecurityPolicy(os.environ["SECRET_KEY"]))
        config.set_csrf_storage_policy(CookieCSRFStoragePolicy(httponly=True, samesite="Lax"))
        config.set_default_csrf_options(require_csrf=True)
        config.add_route("book_list", "/")
        config.add_route("book_create", "/new")
        config.add_route("log_in", "/login")
        config.add_route("log_out", "/logout")
        config.add_route("admin", "/admin/")
        config.scan(__name__)
        return config.make_wsgi_app()


def create_user(username, password):
    Base.metadata.create_all(engine)
    with open_session.begin() as session:
        session.add(User(username=username, password_hash=bcrypt.hashpw(password.encode(), bcrypt.gensalt())))


if __name__ == "__main__":
    create_user(*sys.argv[1:])
