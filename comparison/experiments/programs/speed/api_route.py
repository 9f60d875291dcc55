"""The test “api” of py-frameworks-bench."""

import json

from comparison.experiments.calling import Answer, call
from comparison.experiments.measuring import Request, caller, timed
from comparison.experiments.spec import Experiment, Failure, Job, Reading

PATH = "/api/users/42/records/7?query=test"
DATA = {"foo": "bar"}
EXPECTED = {"params": {"user": 42, "record": 7}, "query": {"query": "test"}, "data": DATA}
BODY = json.dumps(DATA).encode()
JSON_TYPE = {"Content-Type": "application/json"}
REQUEST = Request(PATH, "PUT", {**JSON_TYPE, "Authorization": "1"}, BODY)

EXPERIMENT = Experiment(
    slug="api-route",
    title="A request to an API",
    question="How much CPU time does a request take that brings JSON, numbers in its address and a query?",
    method=(
        "A PUT request with two numbers in its path, a query, a header and a JSON body is answered with all of them "
        "as JSON, as in the test “api” of py-frameworks-bench. Ten other addresses lie before it in the table of "
        "routes, as there. A request by another method and one without the header must be refused. "
        "The application is called in its own process, without a server, many times in a row; the CPU time is divided "
        "by the number of calls. The answer is checked before and after. "
        "No middleware that can be left out. Nothing checks the JSON’s fields, as an application would."
    ),
    group="speed",
    unit="ms",
    variants=("bare",),
)


def take(job: Job) -> Reading:
    application = caller(job, "api")
    if call(application, PATH).status not in (404, 405):
        raise Failure("a request by another method is not refused")
    if call(application, PATH, "PUT", JSON_TYPE, BODY).status != 401:
        raise Failure("a request without the header is not refused with status 401")
    return timed(job, "api", REQUEST, check)


def check(answer: Answer) -> None:
    if answer.status != 200 or json.loads(answer.body) != EXPECTED:
        raise Failure("the answer does not hold what the request brought")
