"""The test “upload” of py-frameworks-bench, with a file of a stated size."""

from comparison.experiments.calling import Answer, call
from comparison.experiments.measuring import Request, caller, timed
from comparison.experiments.spec import EXTRAS, Experiment, Failure, Job, Reading

PATH = "/upload"
BOUNDARY = "boundary-of-the-experiment"
CONTENT = b"0123456789abcdef" * 4096  # 64 KiB
BODY = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="notes.txt"\r\n'
    "Content-Type: text/plain\r\n\r\n".encode()
    + CONTENT
    + f"\r\n--{BOUNDARY}--\r\n".encode()
)
REQUEST = Request(PATH, "POST", {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}, BODY)

EXPERIMENT = Experiment(
    slug="upload",
    title="A file that is uploaded",
    question="How much CPU time does it take to receive a file of 64 kB in a form?",
    method=(
        "A form with one file of 64 kB is parsed, the file is read, and its name and size are the answer. The test "
        "“upload” of py-frameworks-bench stores the file in addition, which measures the disk; here it does not. A "
        "form without a file must be refused. A package that the documentation names for reading forms is installed. "
        "The application is called in its own process, without a server, many times in a row; the CPU time is divided "
        "by the number of calls. The answer is checked before and after. "
        "No middleware that can be left out. Larger files go to the disk and take another way."
    ),
    group="speed",
    unit="ms",
    variants=("bare",),
    environments={"bare": EXTRAS},
)


def take(job: Job) -> Reading:
    if call(caller(job, "api"), PATH, "POST").status != 400:
        raise Failure("a form without a file is not refused with status 400")
    return timed(job, "api", REQUEST, check)


def check(answer: Answer) -> None:
    if answer.status != 200 or answer.text != f"notes.txt {len(CONTENT)}":
        raise Failure("the answer does not name the file and its size")
