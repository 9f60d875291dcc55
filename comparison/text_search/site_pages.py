"""The site's own pages that answer a question which no criterion does, with the words that people ask for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from comparison.text_search.folding import fold
from comparison.text_search.words import stem


@dataclass(frozen=True, slots=True)
class SitePage:
    """Each phrase is the words that a question must hold, in any order: English, German and Spanish."""

    route: str
    name: str
    summary: str
    phrases: str  # separated by commas
    fragment: str = ""
    named_route: str = ""  # of the page about the frameworks that the question names


PAGES = (
    SitePage(
        "boxes",
        gettext_noop("In the box, and what you must add"),
        gettext_noop("Which features are built in, which an extension adds, and which are missing."),
        "must add, need add, have add, should add, in box, out box, batteries included, comes with, come with,"
        " built in, what missing, which extensions, what included, muss hinzufügen, muss ergänzen, muss installieren,"
        " eingebaut, mitgeliefert, was fehlt, bringt mit, debo añadir, hay añadir, tengo añadir, debo agregar,"
        " viene incluido, qué incluye, trae incluido, qué falta",
        named_route="box",
    ),
    SitePage(
        "checks",
        gettext_noop("Score sheets"),
        gettext_noop("How many claims of each article proved right or wrong when they were checked."),
        "trustworthy, trust article, trust articles, trust source, trust which, can trust, trust you, reliable source,"
        " reliable article, credible, believe, score sheet, score sheets, article wrong, articles wrong, article right,"
        " source best, sources best, vertrauenswürdig, glaubwürdig, quelle vertrauen, artikel vertrauen,"
        " zuverlässige quelle, artikel falsch, confiable, fiable, fiables, confiar fuente, confiar artículo,"
        " puedo confiar, artículo correcto",
        fragment="scores",
    ),
    SitePage(
        "methodology",
        gettext_noop("How verdicts are reached"),
        gettext_noop("What counts, how much each source weighs, and how scores and recommendations come from it."),
        "how decide, how you know, how verdict, how score, how rank, how weigh, how calculated, how computed,"
        " what score mean, number mean, methodology, your method, wie entscheiden, wie bewerten, wie bewertet,"
        " wie urteil, wie berechnet, methode, cómo decide, cómo deciden, cómo decidís, cómo calcula, cómo evalúa,"
        " cómo puntuación, metodología",
    ),
    SitePage(
        "about",
        gettext_noop("Report a mistake"),
        gettext_noop(
            "Each claim, row, criterion, source and framework has a link to a form for the curators; so has the site."
        ),
        "report error, report mistake, report problem, report wrong, report claim, found error, found mistake,"
        " correct error, correct mistake, this wrong, claim wrong, contact, complain, fehler melden, fehler gefunden,"
        " falsche aussage, kontakt, informar error, reportar error, notificar error, avisar error, corregir error,"
        " encontré error, contacto",
        fragment="a5",
    ),
    SitePage(
        "recommend",
        gettext_noop("Which one for my project?"),
        gettext_noop("Five questions in plain words, and what follows from the evidence."),
        "which choose, should choose, help choose, which for me, my project, should use, which use, recommend me,"
        " welches nehmen, welches wählen, mein projekt, cuál elegir, cuál usar, mi proyecto",
    ),
    SitePage(
        "disputes",
        gettext_noop("Disputes"),
        gettext_noop("Where sources contradict one another, the widest first."),
        "sources disagree, articles disagree, articles contradict, sources contradict, controversial,"
        " quellen widersprechen, umstritten, fuentes contradicen, desacuerdo",
    ),
    SitePage(
        "experiments",
        gettext_noop("Experiments"),
        gettext_noop("What was measured by running the frameworks: method, program and every sample."),
        "how measure, you measure, your benchmark, your experiment, wie gemessen, experimente, cómo miden,"
        " experimentos",
    ),
)


def site_pages(words: Sequence[str]) -> Iterator[SitePage]:
    """The pages that a question asks for; its words are folded."""
    asked = {stem(word) for word in words}
    for page in PAGES:
        if any(asked >= {stem(word) for word in fold(phrase).split()} for phrase in page.phrases.split(",")):
            yield page
