"""A program whose variants end in all the ways a reading can, run by the tests in processes of its own."""

import subprocess
import sys
import time

from comparison.experiments.spec import BUILT_IN, Experiment, Failure, Finding, Job, NotOffered, Reading

EXPERIMENT = Experiment(
    slug="fake",
    title="A fake experiment",
    question="Does the runner work?",
    method="Readings of every kind are taken.",
    group="size",
    variants=("steady", "failing", "crashing", "silent", "slow", "absent", "found", "listening", "interrupting"),
    unit="ms",
    feeds={"speed-fake": "steady"},
    timeout=5,
)


def take(job: Job) -> Reading | Finding:
    match job.variant:
        case "failing":
            raise Failure("did not answer")
        case "crashing":
            raise LookupError("no such page")
        case "silent":
            sys.exit()
        case "slow":
            subprocess.Popen(["sleep", "61.5"])
            time.sleep(60)
        case "absent":
            raise NotOffered("has no such thing")
        case "found":
            return Finding(BUILT_IN, "wrote a message")
        case "interrupting":
            python = "import signal; raise SystemExit(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
            return Reading(subprocess.run([sys.executable, "-c", python], check=False).returncode)
        case "listening":
            return Reading(len(list(job.folder.iterdir())), detail=str(job.folder))
    return Reading(2.0, 3.0)
