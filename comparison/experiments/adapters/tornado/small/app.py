import asyncio
import os
import sys
from pathlib import Path

import bcrypt
from sqlalchemy import String, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from tornado.ioloop import IOLoop
from tornado.web import Application, RequestHandler, authenticated
from wtforms import IntegerField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms_tornado import Form


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(150), unique=True)
    password_hash: Mapped[bytes]

    async def has_password(self, password):
        check = bcrypt.checkpw, password.encode(), self.password_hash
        return await IOLoop.current().run_in_executor(None, *check)


class Book(Base):
    __tablename__ = "book"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(100))
    year: Mapped[int]


engine = create_async_engine(f"sqlite+aiosqlite:///{os.environ['DATABASE']}")
Session = async_sessionmaker(engine)


class BookForm(Form):
    title = StringField("Title", [InputRequired(), Length(max=100)])
    year = IntegerField("Year", [InputRequired(), NumberRange(1450, 2100)])


class LoginForm(Form):
    username = StringField("Username", [InputRequired()])
    password = PasswordField("Password", [InputRequired()])


async def find_user(username):
    async with Session() as session:
        return await session.scalar(select(User).filter_by(username=username))


class BaseHandler(RequestHandler):
    def get_current_user(self):
        return self.get_signed_cookie("user")


class BookList(BaseHandler):
    async def get(self):
        async with Session() as session:
            books = await session.scalars(select(Book).order_by(Book.title))
        self.render("book_list.html", title="Books", books=books)


class BookCreate(BaseHandler):
    def render_form(self, form):
        self.render("form.html", form=form, title="New book", button="Save")

    @authenticated
    def get(self):
        self.render_form(BookForm())

    @authenticated
    async def post(self):
        form = BookForm(self.request.body_arguments)
        if form.validate():
            async with Session.begin() as session:
                session.add(Book(title=form.title.data, year=form.year.data))
            self.redirect(self.reverse_url("book_list"))
        else:
            self.render_form(form)


class LogIn(BaseHandler):
    def render_form(self, form):
        self.render("form.html", form=form, title="Log in", button="Log in")

    def get(self):
        self.render_form(LoginForm())

    async def post(self):
        form = LoginForm(self.request.body_arguments)
        user = await find_user(form.username.data) if form.validate() else None
        if user and await user.has_password(form.password.data):
            self.set_signed_cookie("user", str(user.id), httponly=True, samesite="Lax")
            self.redirect(self.reverse_url("book_list"))
        else:
            form.password.errors = ["Wrong username or password."]
            self.render_form(form)


class LogOut(BaseHandler):
    def post(self):
        self.clear_cookie("user")
        self.redirect(self.reverse_url("book_list"))


class Admin(BaseHandler):
    @authenticated
    async def get(self):
        async with Session() as session:
            books = await session.scalars(select(Book).order_by(Book.id))
        self.render("book_list.html", title="All books", books=books)


application = Application(
    [
        (r"/", BookList, {}, "book_list"),
        (r"/new", BookCreate, {}, "book_create"),
        (r"/login", LogIn, {}, "log_in"),
        (r"/logout", LogOut, {}, "log_out"),
        (r"/admin/", Admin),
    ],
    cookie_secret=os.environ["SECRET_KEY"],
    login_url="/login",
    template_path=Path(__file__).parent / "templates",
    xsrf_cookies=True,
)


async def create_user(username, password):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session.begin() as session:
        session.add(User(username=username, password_hash=bcrypt.hashpw(password.encode(), bcrypt.gensalt())))


if __name__ == "__main__":
    asyncio.run(create_user(*sys.argv[1:]))
