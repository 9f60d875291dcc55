"""Times a request to an application of an adapter, once its answer is known to be right."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from comparison.experiments import calling, timing
from comparison.experiments.calling import Answer, Caller
from comparison.experiments.spec import Failure, Job, Reading

Check = Callable[[Answer], None]  # raises Failure where the answer is wrong
PROTECTION = ("X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")
FOREIGN_HOST = "attacker.example"


@dataclass(frozen=True)
class Request:
    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def caller(job: Job, module: str) -> Caller:
    return calling.caller(job.module(f"speed.{module}").application, job.adapter.interface)


def timed(job: Job, module: str, request: Request, check: Check) -> Reading:
    """Milliseconds of CPU time for one request, without a server; the answer is checked before and after."""
    repeat = caller(job, module).prepare(request.method, request.path, request.headers, request.body)
    check(repeat(1))
    reading = timing.per_call(repeat)
    check(repeat(1))
    return replace(reading, detail=(job.module(f"speed.{module}").__doc__ or "").strip())


def check_features(job: Job, module: str, path: str) -> None:
    """That the security headers are there and that a foreign host is refused."""
    application = caller(job, module)
    answer = calling.call(application, path)
    if missing := [name for name in PROTECTION if not answer.header(name)]:
        raise Failure(f"the answer lacks {', '.join(missing)}")
    refusal = calling.call(application, path, headers={"Host": FOREIGN_HOST})
    if refusal.status != 400:
        raise Failure(f"a foreign host gets status {refusal.status} instead of 400")
