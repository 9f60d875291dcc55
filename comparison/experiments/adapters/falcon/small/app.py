import os
import sys
from datetime import timedelta
from pathlib import Path

import bcrypt
import falcon
from beaker.middleware import SessionMiddleware
from jinja2 import Environment, FileSystemLoader
from sqlalchemy import String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker
from wtforms import Form, IntegerField, PasswordField, StringField
from wtforms.csrf.session import SessionCSRF
from wtforms.validators import InputRequired, Length, NumberRange


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
templates = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)


class FormData(dict):
    def getlist(self, name):
        return [self[name]] if name in self else []


class SecureForm(Form):
    class Meta:
        csrf = True
        csrf_class = SessionCSRF
        csrf_secret = os.environ["SECRET_KEY"].encode()
        csrf_time_limit = timedelta(hours=12)

    def __init__(self, req, is_sent=False):
        data = FormData(req.get_media()) if is_sent else None
        super().__init__(data, meta={"csrf_context": req.env["beaker.session"]})

    def validate_or_refuse(self):
        valid = self.validate()
        if self.csrf_token.errors:
            raise falcon.HTTPForbidden(description="The form’s token is missing or too old.")
        return valid


class BookForm(SecureForm):
    title = StringField("Title", [InputRequired(), Length(max=100)])
    year = IntegerField("Year", [InputRequired(), NumberRange(1450, 2100)])


class LoginForm(SecureForm):
    username = StringField("Username", [InputRequired()])
    password = PasswordField("Password", [InputRequired()])


def render(req, resp, name, **values):
    user_id = req.env["beaker.session"].get("user_id")
    resp.content_type = falcon.MEDIA_HTML
    resp.text = templates.get_template(name).render(user_id=user_id, token=SecureForm(req).csrf_token, **values)


def login_required(req, resp, resource, params):
    if "user_id" not in req.env["beaker.session"]:
        raise falcon.HTTPSeeOther("/login")


class BookList:
    def on_get(self, req, resp):
        with open_session() as session:
            books = session.scalars(select(Book).order_by(Book.title))
            render(req, resp, "book_list.html", title="Books", books=books)


@falcon.before(login_required)
class BookAdmin:
    def on_get(self, req, resp):
        with open_session() as session:
            books = session.scalars(select(Book).order_by(Book.id))
            render(req, resp, "book_list.html", title="All books", books=books)


@falcon.before(login_required)
class BookCreate:
    def on_get(self, req, resp):
        self.show(req, resp, BookForm(req))

    def on_post(self, req, resp):
        form = BookForm(req, is_sent=True)
        if not form.validate_or_refuse():
            return self.show(req, resp, form)
        with open_session.begin() as session:
            session.add(Book(title=form.title.data, year=form.year.data))
        raise falcon.HTTPSeeOther("/")

    def show(self, req, resp, form):
        render(req, resp, "form.html", title="New book", form=form, button="Save")


class LogIn:
    def on_get(self, req, resp):
        self.show(req, resp, LoginForm(req))

    def on_post(self, req, resp):
        form = LoginForm(req, is_sent=True)
        if form.validate_or_refuse():
            with open_session() as session:
                user = session.scalar(select(User).filter_by(username=form.username.data))
            if user and bcrypt.checkpw(form.password.data.encode(), user.password_hash):
                req.env["beaker.session"]["user_id"] = user.id
                raise falcon.HTTPSeeOther("/")
            form.password.errors = ["Wrong username or password."]
        self.show(req, resp, form)

    def show(self, req, resp, form):
        render(req, resp, "form.html", title="Log in", form=form, button="Log in")


class LogOut:
    def on_post(self, req, resp):
        SecureForm(req, is_sent=True).validate_or_refuse()
        req.env["beaker.session"].delete()
        raise falcon.HTTPSeeOther("/")


app = falcon.App()
app.add_route("/", BookList())
app.add_route("/new", BookCreate())
app.add_route("/login", LogIn())
app.add_route("/logout", LogOut())
app.add_route("/admin/", BookAdmin())
application = SessionMiddleware(
    app,
    {
        "session.type": "cookie",
        "session.validate_key": os.environ["SECRET_KEY"],
        "session.data_serializer": "json",
        "session.httponly": True,
        "session.samesite": "Lax",
        "session.auto": True,
    },
)


def create_user(username, password):
    Base.metadata.create_all(engine)
    with open_session.begin() as session:
        session.add(User(username=username, password_hash=bcrypt.hashpw(password.encode(), bcrypt.gensalt())))


if __name__ == "__main__":
    create_user(*sys.argv[1:])
