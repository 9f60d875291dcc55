import json
import re

import pytest

from comparison.models import Claim
from tests.make import make_claim, make_framework, make_source
from tests.reading import page

pytestmark = pytest.mark.django_db

# The properties each type must have here, with the kind of their value.
SHAPES = {
    "Dataset": {"name": str, "description": str, "url": str, "dateModified": str, "license": str, "citation": list}
    | {"distribution": list, "variableMeasured": list, "version": str, "isAccessibleForFree": bool},
    "ItemList": {"name": str, "numberOfItems": int, "itemListElement": list, "dateModified": str},
    "Claim": {"text": str, "url": str, "about": dict, "appearance": dict, "dateModified": str},
    "CreativeWork": {"name": str, "inLanguage": str},
    "DataDownload": {"encodingFormat": str, "contentUrl": str},
    "ListItem": {"position": int, "name": str, "url": str},
    "SoftwareApplication": {"name": str},
    "Person": {"name": str},
    "Organization": {"name": str},
}


def data_of(html: str) -> dict:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    return json.loads(text)


def check(data: object) -> None:
    """Each object in the data has a known type and the properties of that type."""
    if isinstance(data, list):
        for item in data:
            check(item)
    if isinstance(data, dict):
        for name, kind in SHAPES[data["@type"]].items():
            assert isinstance(data[name], kind), (data["@type"], name)
        for name, value in data.items():
            if isinstance(value, dict | list) and name != "variableMeasured":
                check(value)


LISTS = ["/frameworks/", "/criteria/", "/sources/"]
KINDS = [("/compare/alpha/", "Dataset"), ("/claims/{}/", "Claim"), *((address, "ItemList") for address in LISTS)]


@pytest.mark.parametrize(("address", "kind"), KINDS)
def test_pages_have_structured_data_of_the_right_type(client, address, kind) -> None:
    source = make_source(
        "Source", author="Ann", publisher="Press", address="https://example.org/", published="2026-01-02"
    )
    claim = make_claim(framework=make_framework("Alpha"), source=source)
    data = data_of(page(client, address.format(claim.pk)))
    assert (data["@context"], data["@type"]) == ("https://schema.org", kind)
    check(data)


def test_downloads_exist(client) -> None:
    make_claim(framework=make_framework("Alpha"))
    downloads = data_of(page(client, "/compare/alpha/"))["distribution"]
    assert len(downloads) == 3
    for download in downloads:
        response = client.get(download["contentUrl"])
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith(download["encodingFormat"])


def test_data_cannot_end_its_script_element(client) -> None:
    make_claim(framework=make_framework("Alpha"), statement="</script><script>alert(1)</script> & <b>")
    claim = Claim.objects.get()
    html = page(client, f"/claims/{claim.pk}/")
    assert "<script>alert" not in html
    assert data_of(html)["text"] == claim.statement
