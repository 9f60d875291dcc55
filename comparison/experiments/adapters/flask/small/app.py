import os

import click
from flask import Flask, redirect, render_template, request, url_for
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user, logout_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect, FlaskForm
from sqlalchemy import String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from werkzeug.security import check_password_hash, generate_password_hash
from wtforms import IntegerField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, NumberRange


class Base(DeclarativeBase):
    pass


application = Flask(__name__)
application.config.update(
    SECRET_KEY=os.environ["SECRET_KEY"],
    SQLALCHEMY_DATABASE_URI=f"sqlite:///{os.environ['DATABASE']}",
)
db = SQLAlchemy(application, model_class=Base)
CSRFProtect(application)
login_manager = LoginManager(application)
login_manager.login_view = "log_in"
admin = Admin(application, name="Bookshelf")


class User(UserMixin, db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(150), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))


class Book(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(100))
    year: Mapped[int]


class BookForm(FlaskForm):
    title = StringField("Title", [InputRequired(), Length(max=100)])
    year = IntegerField("Year", [InputRequired(), NumberRange(1450, 2100)])


class LoginForm(FlaskForm):
    username = StringField("Username", [InputRequired()])
    password = PasswordField("Password", [InputRequired()])


class BookAdmin(ModelView):
    form_base_class = FlaskForm

    def is_accessible(self):
        return current_user.is_authenticated

    def inaccessible_callback(self, name, **kwargs):
        return redirect(url_for("log_in", next=request.path))


admin.add_view(BookAdmin(Book, db.session, name="Books"))


@login_manager.user_loader
def load_user(user_id):
    return db.session.get(User, int(user_id))


@application.route("/")
def book_list():
    books = db.session.scalars(select(Book).order_by(Book.title))
    return render_template("book_list.html", books=books)


@application.route("/new", methods=["GET", "POST"])
@login_required
def book_create():
    form = BookForm()
    if form.validate_on_submit():
        db.session.add(Book(title=form.title.data, year=form.year.data))
        db.session.commit()
        return redirect(url_for("book_list"))
    return render_template("form.html", form=form, title="New book", button="Save")


@application.route("/login", methods=["GET", "POST"])
def log_in():
    form = LoginForm()
    if form.validate_on_submit():
        user = db.session.scalar(select(User).filter_by(username=form.username.data))
        if user and check_password_hash(user.password_hash, form.password.data):
            login_user(user)
            return redirect(url_for("book_list"))
        form.password.errors = ["Wrong username or password."]
    return render_template("form.html", form=form, title="Log in", button="Log in")


@application.post("/logout")
def log_out():
    logout_user()
    return redirect(url_for("book_list"))


@application.cli.command("create-user")
@click.argument("username")
@click.argument("password")
def create_user(username, password):
    db.create_all()
    db.session.add(User(username=username, password_hash=generate_password_hash(password)))
    db.session.commit()
