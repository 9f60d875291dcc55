import asyncio
import os

import click
from quart import Quart, redirect, render_template, url_for
from quart_auth import AuthUser, QuartAuth, Unauthorized, login_required, login_user, logout_user
from quart_wtf import CSRFProtect, QuartForm
from sqlalchemy import String, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from werkzeug.security import check_password_hash, generate_password_hash
from wtforms import IntegerField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

application = Quart(__name__)
application.config.update(SECRET_KEY=os.environ["SECRET_KEY"], QUART_AUTH_COOKIE_SECURE=False)
engine = create_async_engine(f"sqlite+aiosqlite:///{os.environ['DATABASE']}")
Session = async_sessionmaker(engine)
CSRFProtect(application)
QuartAuth(application)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(150), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))


class Book(Base):
    __tablename__ = "book"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(100))
    year: Mapped[int]


class BookForm(QuartForm):
    title = StringField("Title", [InputRequired(), Length(max=100)])
    year = IntegerField("Year", [InputRequired(), NumberRange(1450, 2100)])


class LoginForm(QuartForm):
    username = StringField("Username", [InputRequired()])
    password = PasswordField("Password", [InputRequired()])


async def read_books():
    async with Session() as session:
        return list(await session.scalars(select(Book).order_by(Book.title)))


@application.errorhandler(Unauthorized)
async def redirect_to_login(error):
    return redirect(url_for("log_in"))


@application.route("/")
async def book_list():
    return await render_template("book_list.html", books=await read_books())


@application.route("/new", methods=["GET", "POST"])
@login_required
async def book_create():
    form = await BookForm.create_form()
    if await form.validate_on_submit():
        async with Session.begin() as session:
            session.add(Book(title=form.title.data, year=form.year.data))
        return redirect(url_for("book_list"))
    return await render_template("form.html", form=form, title="New book", button="Save")


@application.route("/login", methods=["GET", "POST"])
async def log_in():
    form = await LoginForm.create_form()
    if await form.validate_on_submit():
        async with Session() as session:
            user = await session.scalar(select(User).filter_by(username=form.username.data))
        if user and check_password_hash(user.password_hash, form.password.data):
            login_user(AuthUser(str(user.id)))
            return redirect(url_for("book_list"))
        form.password.errors = ["Wrong username or password."]
    return await render_template("form.html", form=form, title="Log in", button="Log in")


@application.post("/logout")
async def log_out():
    logout_user()
    return redirect(url_for("book_list"))


@application.route("/admin/")
@login_required
async def admin_book_list():
    return await render_template("admin_book_list.html", books=await read_books())


@application.post("/admin/<int:pk>/delete")
@login_required
async def admin_book_delete(pk):
    async with Session.begin() as session:
        await session.delete(await session.get_one(Book, pk))
    return redirect(url_for("admin_book_list"))


async def add_user(username, password):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with Session.begin() as session:
        session.add(User(username=username, password_hash=generate_password_hash(password)))
    await engine.dispose()


@application.cli.command("create-user")
@click.argument("username")
@click.argument("password")
def create_user(username, password):
    asyncio.run(add_user(username, password))
