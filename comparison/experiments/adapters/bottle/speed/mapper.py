"""SQLAlchemy through bottle-sqlalchemy"""

import json
import random
from operator import attrgetter
from pathlib import Path

import bottle_sqlalchemy
from bottle import TEMPLATE_PATH, Bottle, request, response, template
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from comparison.experiments.techempower import DATABASE

TEMPLATE_PATH.insert(0, str(Path(__file__).parent / "templates"))


class Base(DeclarativeBase):
    pass


engine = create_engine(f"sqlite:///{DATABASE}")
application = Bottle()
application.install(bottle_sqlalchemy.Plugin(engine, Base.metadata))


@event.listens_for(engine, "connect")
def write_in_time(connection, record):
    connection.execute("PRAGMA synchronous = NORMAL")


class World(Base):
    __tablename__ = "World"

    id: Mapped[int] = mapped_column(primary_key=True)
    random_number: Mapped[int] = mapped_column("randomNumber")

    def as_dict(self):
        return {"id": self.id, "randomNumber": self.random_number}


class Fortune(Base):
    __tablename__ = "Fortune"

    id: Mapped[int] = mapped_column(primary_key=True)
    message: Mapped[str]


def random_ids():
    count = request.query.get("queries", 1, type=int)
    return sorted(random.sample(range(1, 10001), count))


def json_list(worlds):
    response.content_type = "application/json"
    return json.dumps([world.as_dict() for world in worlds])


@application.get("/db")
def single_query(db):
    return db.get_one(World, random.randint(1, 10000)).as_dict()


@application.get("/queries")
def several_queries(db):
    return json_list([db.get_one(World, pk) for pk in random_ids()])


@application.get("/rows")
def hundred_rows(db):
    return json_list(db.scalars(select(World).order_by(World.id).limit(100)))


@application.get("/fortunes")
def fortunes(db):
    rows = list(db.scalars(select(Fortune)))
    rows.append(Fortune(id=0, message="Additional fortune added at request time."))
    rows.sort(key=attrgetter("message"))
    return template("fortunes.html", fortunes=rows)


@application.get("/updates")
def updates(db):
    worlds = [db.get_one(World, pk) for pk in random_ids()]
    for world in worlds:
        world.random_number = random.randint(1, 10000)
    return json_list(worlds)
