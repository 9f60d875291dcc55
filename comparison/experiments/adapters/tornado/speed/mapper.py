"""SQLAlchemy, in a thread by run_in_executor"""

import json
import random
from operator import attrgetter
from pathlib import Path

from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker
from tornado.ioloop import IOLoop
from tornado.web import Application, RequestHandler

from comparison.experiments.techempower import DATABASE


class Base(DeclarativeBase):
    pass


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


engine = create_engine(f"sqlite:///{Path(DATABASE).absolute()}")
Session = sessionmaker(engine)


@event.listens_for(engine, "connect")
def write_in_time(connection, record):
    connection.execute("PRAGMA synchronous = NORMAL")


def read_worlds(ids):
    with Session() as session:
        return [session.get_one(World, pk).as_dict() for pk in ids]


def read_first_worlds():
    with Session() as session:
        worlds = session.scalars(select(World).order_by(World.id).limit(100))
        return [world.as_dict() for world in worlds]


def read_fortunes():
    with Session() as session:
        return list(session.scalars(select(Fortune)))


def update_worlds(ids):
    with Session() as session:
        worlds = [session.get_one(World, pk) for pk in ids]
        for world in worlds:
            world.random_number = random.randint(1, 10000)
        answer = [world.as_dict() for world in worlds]
        session.commit()
        return answer


class BaseHandler(RequestHandler):
    def random_ids(self):
        count = int(self.get_query_argument("queries", "1"))
        return sorted(random.sample(range(1, 10001), count))

    def run(self, function, *arguments):
        return IOLoop.current().run_in_executor(None, function, *arguments)

    def write_list(self, rows):
        self.set_header("Content-Type", "application/json")
        self.write(json.dumps(rows))


class SingleQuery(BaseHandler):
    async def get(self):
        (world,) = await self.run(read_worlds, [random.randint(1, 10000)])
        self.write(world)


class SeveralQueries(BaseHandler):
    async def get(self):
        self.write_list(await self.run(read_worlds, self.random_ids()))


class HundredRows(BaseHandler):
    async def get(self):
        self.write_list(await self.run(read_first_worlds))


class Fortunes(BaseHandler):
    async def get(self):
        rows = await self.run(read_fortunes)
        rows.append(Fortune(id=0, message="Additional fortune added at request time."))
        rows.sort(key=attrgetter("message"))
        self.render("fortunes.html", fortunes=rows)


class Updates(BaseHandler):
    async def get(self):
        self.write_list(await self.run(update_worlds, self.random_ids()))


application = Application(
    [
        (r"/db", SingleQuery),
        (r"/queries", SeveralQueries),
        (r"/rows", HundredRows),
        (r"/fortunes", Fortunes),
        (r"/updates", Updates),
    ],
    template_path=Path(__file__).parent / "templates",
)
