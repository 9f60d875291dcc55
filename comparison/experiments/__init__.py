"""Questions that are answered by running the frameworks."""

from comparison.experiments.spec import Experiment


def catalogue() -> list[Experiment]:
    """All experiments with their code, by group and slug."""
    from comparison.experiments.discovery import programs  # noqa: PLC0415 - clean environments do not need it

    return [program.experiment for program in programs().values()]
