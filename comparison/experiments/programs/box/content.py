"""What a clean installation has for the content of a site."""

from xml.etree import ElementTree

from comparison.experiments import box
from comparison.experiments.box import Check, Deed, Partly, expect, expect_answer
from comparison.experiments.calling import Answer, call
from comparison.experiments.spec import Experiment, Failure, Finding, Job

EXPERIMENT = Experiment(
    slug="box-content",
    title="In the box: feeds, sitemaps, languages, maps",
    question="Does a clean installation make feeds and sitemaps, speak several languages and know places?",
    method=(
        "In an environment with nothing but the framework and what it brings along: a feed and a sitemap with two "
        "pages are made and parsed as XML; a page is asked for in German and in English, and a text and a date must "
        "follow; a distance is converted, and two points are compared as geometries. Libraries of the operating "
        "system are not installed for it. "
        f"{box.LACK}"
    ),
    group="box",
    variants=("feeds", "sitemaps", "languages", "geographic data"),
    feeds={
        "feeds": "feeds",
        "sitemaps": "sitemaps",
        "internationalization": "languages",
        "gis": "geographic data",
    },
    statement="A clean installation {detail}",
    exact=True,
)


def take(job: Job) -> Finding:
    return box.examine(job, "box.content", PARTS[job.variant])


def xml(answer: Answer) -> ElementTree.Element:
    expect_answer(answer, 200)
    try:
        return ElementTree.fromstring(answer.text)  # noqa: S314 - made by the framework a moment ago
    except ElementTree.ParseError as error:
        raise Failure(f"no XML: {error}") from None


def make_feed(job: Job, deed: Deed) -> str:
    """The deed gives an application with a feed of “Milk” and “Bread” at /feed."""
    root = xml(call(box.caller(job, deed()), "/feed"))
    titles = {element.text for element in root.iter() if element.tag.endswith("title")}
    expect({"Milk", "Bread"} <= titles, f"its titles are {titles}")
    return f"made a feed ({root.tag.split('}')[-1]}) of two entries"


def make_sitemap(job: Job, deed: Deed) -> str:
    """The deed gives an application with a sitemap of /milk and /bread at /sitemap.xml."""
    root = xml(call(box.caller(job, deed()), "/sitemap.xml"))
    pages = [str(element.text) for element in root.iter() if element.tag.endswith("loc")]
    expect([page.rsplit("/", 1)[-1] for page in pages] == ["milk", "bread"], f"its pages are {pages}")
    return "made a sitemap of two pages"


def follow_language(job: Job, deed: Deed) -> str:
    """The deed gives an application whose / has a text, a bar and 5 March 2026 in the language that is asked for."""
    caller = box.caller(job, deed())
    german = call(caller, "/", headers={"Accept-Language": "de"}).text
    english = call(caller, "/", headers={"Accept-Language": "en"}).text
    expect(german.partition("|")[0] != english.partition("|")[0], "the text is the same in both languages")
    if german.partition("|")[2] == english.partition("|")[2]:
        raise Partly("translated a text by what the browser asks for, but no date")
    expect("5. März 2026" in german and "March 5, 2026" in english, f"the dates are {german!r} and {english!r}")
    return "translated a text and a date by what the browser asks for"


def convert_distance(job: Job, deed: Deed) -> str:
    """The deed converts miles to kilometres."""
    expect(abs(deed(10) - 16.09344) < 0.001, "wrong distance")
    return "converted miles to kilometres"


def compare_geometries(job: Job, deed: Deed) -> str:
    """The deed says how far two points lie apart."""
    expect(abs(deed((0, 0), (3, 4)) - 5) < 0.001, "wrong distance")
    return "measured the distance of two points"


PARTS: dict[str, dict[str, Check]] = {
    "feeds": {"make_feed": make_feed},
    "sitemaps": {"make_sitemap": make_sitemap},
    "languages": {"follow_language": follow_language},
    "geographic data": {"convert_distance": convert_distance, "compare_geometries": compare_geometries},
}
