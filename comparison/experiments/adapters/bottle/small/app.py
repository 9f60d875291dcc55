import os
import sys
from datetime import timedelta
from pathlib import Path

import bcrypt
import bottle_sqlalchemy
from beaker.middleware import SessionMiddleware
from bottle import TEMPLATE_PATH, BaseTemplate, Bottle, abort, redirect, request, view
from sqlalchemy import String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
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
app = Bottle()
app.install(bottle_sqlalchemy.Plugin(engine, Base.metadata))
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


class SecureForm(Form):
    class Meta:
        csrf = True
        csrf_class = SessionCSRF
        csrf_secret = os.environ["SECRET_KEY"].encode()
        csrf_time_limit = timedelta(hours=12)

        @property
        def csrf_context(self):
            return request.environ["beaker.session"]

    def validate_on_submit(self):
        if request.method != "POST":
            return False
        self.process(request.forms.decode())
        valid = self.validate()
        if self.csrf_token.errors:
            abort(403, "The form’s token is missing or too old.")
        return valid


class BookForm(SecureForm):
    title = StringField("Title", [InputRequired(), Length(max=100)])
    year = IntegerField("Year", [InputRequired(), NumberRange(1450, 2100)])


class LoginForm(SecureForm):
    username = StringField("Username", [InputRequired()])
    password = PasswordField("Password", [InputRequired()])


def is_logged_in():
    return "user_id" in request.environ["beaker.session"]


def login_required():
    if not is_logged_in():
        redirect("/login")


TEMPLATE_PATH.insert(0, str(Path(__file__).parent / "templates"))
BaseTemplate.defaults.update(is_logged_in=is_logged_in, SecureForm=SecureForm)


@app.get("/")
@view("book_list.html")
def book_list(db):
    return {"title": "Books", "books": db.scalars(select(Book).order_by(Book.title))}


@app.route("/new", method=["GET", "POST"])
@view("form.html")
def book_create(db):
    login_required()
    form = BookForm()
    if form.validate_on_submit():
        db.add(Book(title=form.title.data, year=form.year.data))
        redirect("/")
    return {"title": "New book", "form": form, "button": "Save"}


@app.route("/login", method=["GET", "POST"])
@view("form.html")
def log_in(db):
    form = LoginForm()
    if form.validate_on_submit():
        user = db.scalar(select(User).filter_by(username=form.username.data))
        if user and bcrypt.checkpw(form.password.data.encode(), user.password_hash):
            request.environ["beaker.session"]["user_id"] = user.id
            redirect("/")
        form.password.errors = ["Wrong username or password."]
    return {"title": "Log in", "form": form, "button": "Log in"}


@app.post("/logout")
def log_out():
    SecureForm().validate_on_submit()
    request.environ["beaker.session"].delete()
    redirect("/")


@app.get("/admin/")
@view("book_list.html")
def admin(db):
    login_required()
    return {"title": "All books", "books": db.scalars(select(Book).order_by(Book.id))}


def create_user(username, password):
    Base.metadata.create_all(engine)
    with Session(engine) as db, db.begin():
        db.add(User(username=username, password_hash=bcrypt.hashpw(password.encode(), bcrypt.gensalt())))


if __name__ == "__main__":
    create_user(*sys.argv[1:])
