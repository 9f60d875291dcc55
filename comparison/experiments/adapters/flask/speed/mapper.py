"""SQLAlchemy through Flask-SQLAlchemy"""

import random
from operator import attrgetter
from pathlib import Path

from flask import Flask, jsonify, render_template, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from comparison.experiments.techempower import DATABASE


class Base(DeclarativeBase):
    pass


application = Flask(__name__, static_folder=None)
application.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{Path(DATABASE).absolute()}"
db = SQLAlchemy(application, model_class=Base)


@event.listens_for(Engine, "connect")
def write_in_time(connection, record):
    connection.execute("PRAGMA synchronous = NORMAL")


class World(db.Model):
    __tablename__ = "World"

    id: Mapped[int] = mapped_column(primary_key=True)
    random_number: Mapped[int] = mapped_column("randomNumber")

    def as_dict(self):
        return {"id": self.id, "randomNumber": self.random_number}


class Fortune(db.Model):
    __tablename__ = "Fortune"

    id: Mapped[int] = mapped_column(primary_key=True)
    message: Mapped[str]


def random_ids():
    count = request.args.get("queries", 1, type=int)
    return sorted(random.sample(range(1, 10001), count))


@application.get("/db")
def single_query():
    world = db.session.get_one(World, random.randint(1, 10000))
    return world.as_dict()


@application.get("/queries")
def several_queries():
    worlds = [db.session.get_one(World, pk) for pk in random_ids()]
    return jsonify([world.as_dict() for world in worlds])


@application.get("/rows")
def hundred_rows():
    worlds = db.session.scalars(select(World).order_by(World.id).limit(100))
    return jsonify([world.as_dict() for world in worlds])


@application.get("/fortunes")
def fortunes():
    rows = list(db.session.scalars(select(Fortune)))
    rows.append(Fortune(id=0, message="Additional fortune added at request time."))
    rows.sort(key=attrgetter("message"))
    return render_template("fortunes.html", fortunes=rows)


@application.get("/updates")
def updates():
    worlds = [db.session.get_one(World, pk) for pk in random_ids()]
    for world in worlds:
        world.random_number = random.randint(1, 10000)
    answer = [world.as_dict() for world in worlds]
    db.session.commit()
    return jsonify(answer)
