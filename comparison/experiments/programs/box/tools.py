"""What a clean installation has for developers."""

import re
import subprocess
import time
from html import unescape
from pathlib import Path

from comparison.experiments import box
from comparison.experiments.box import Check, Deed, Partly, expect
from comparison.experiments.serving import starting
from comparison.experiments.spec import Experiment, Failure, Finding, Job

RESTART_SECONDS = 15
SETTLE_SECONDS = (
    3  # a reloader that looks about once a second must find the file, and then look at it, before it changes
)
SCRIPT = "greet.py"  # of one’s own, which needs no command line of the framework

EXPERIMENT = Experiment(
    slug="box-tools",
    title="In the box: tools for developers",
    question="Does a clean installation have a test client, a server for development, a debugger and commands?",
    method=(
        "In an environment with nothing but the framework and what it brings along: a test asks a page with "
        "no server started beforehand; the development server is started, the application’s file is changed, and the "
        "new text must arrive by itself; a page with an error is opened in debug mode, where the browser must show the "
        "line at fault and run an expression in it; a command of one’s own is run by the framework’s command "
        "line. Commands that the framework brings are not counted, and a script that the developer runs by itself, "
        "with some help of the framework, counts in part. "
        f"{box.LACK}"
    ),
    group="box",
    variants=("test client", "development server", "debugger", "commands"),
    feeds={
        "testing": "test client",
        "development-server": "development server",
        "debugger": "debugger",
        "command-line": "commands",
    },
    statement="A clean installation {detail}",
    exact=True,
)


def take(job: Job) -> Finding:
    return box.examine(job, "box.tools", PARTS[job.variant])


def ask_in_test(job: Job, deed: Deed) -> str:
    """The deed asks a page that greets with the test client and returns its status and text."""
    status, text = deed()
    expect((status, text) == (200, "Hello, test"), f"got {status} {text!r}")
    return "asked a page with no server started beforehand"


def restart(job: Job, deed: Deed) -> str:
    """The deed writes an application that answers “first”, and gives its file and the command that serves it."""
    file, command = deed(job.folder)
    with starting(job.folder, command) as server:
        expect(server.get("/").text == "first", "the page is wrong")
        time.sleep(SETTLE_SECONDS)
        file.write_text(file.read_text().replace("first", "second"))
        end = time.monotonic() + RESTART_SECONDS
        while time.monotonic() < end:
            try:
                if server.get("/").text == "second":
                    return "served, and started again by itself when the code was changed"
            except OSError:
                pass  # while it starts again
            time.sleep(0.1)
    raise Failure("did not start again when the code was changed")


def show_error(job: Job, deed: Deed) -> str:
    """The deed writes an application with an error on the page /fail, and gives the command that serves it."""
    with starting(job.folder, deed(job.folder)) as server:
        page = unescape(server.get("/fail", {"Accept": "text/html"}).text).replace("\xa0", " ")
    expect("ZeroDivisionError" in page and re.search(r"price.{0,40} / .{0,40}count", page), "the line is not shown")
    return "showed the line at fault in the browser"


def run_in_frame(job: Job, deed: Deed) -> str:
    """The deed gives the same command and, from the page, the address that evaluates `price * 2` where it failed."""
    command, address = deed(job.folder)
    with starting(job.folder, command) as server:
        page = server.get("/fail", {"Accept": "text/html"}).text
        result = server.get(address(page)).text
    expect("84" in result, f"the expression gave {result[:80]!r}")
    return "ran an expression there"


def run_command(job: Job, deed: Deed) -> str:
    """The deed adds a command that greets, or writes SCRIPT, and gives the command line that runs it for Ann."""
    command = deed(job.folder)
    process = subprocess.run(command, cwd=job.folder, capture_output=True, text=True, check=False)
    expect(process.stdout.strip() == "Hello, Ann", process.stderr.strip()[-200:] or "it printed something else")
    if any(Path(word).name == SCRIPT for word in command):
        raise Partly("helped a script of one’s own that takes an argument, but ran no command")
    return "ran a command of one’s own with an argument"


PARTS: dict[str, dict[str, Check]] = {
    "test client": {"ask_in_test": ask_in_test},
    "development server": {"restart": restart},
    "debugger": {"show_error": show_error, "run_in_frame": run_in_frame},
    "commands": {"run_command": run_command},
}
