"""The experiments that are shipped: complete, about criteria that exist, and the same for every framework."""

import re
from pathlib import Path

import pytest
import yaml

from comparison.experiments import catalogue, discovery
from comparison.experiments.spec import CLEAN, Experiment
from comparison.files.catalogue_load import SHIPPED

FOLDER = Path(discovery.__file__).parent
EXPERIMENTS = {experiment.slug: experiment for experiment in catalogue()}
ADAPTERS = discovery.adapters()
PROGRAMS = discovery.programs()
NAMES = re.compile(rf"\b({'|'.join(ADAPTERS)})\b", re.IGNORECASE)
OUTSIDE = sorted(path for path in FOLDER.rglob("*.py") if "adapters" not in path.relative_to(FOLDER).parts)
FED = [(slug, criterion) for slug, experiment in EXPERIMENTS.items() for criterion in experiment.feeds]

each = pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=lambda experiment: experiment.slug)


def criteria() -> dict[str, dict[str, str]]:
    content = yaml.safe_load((SHIPPED / "criteria.yaml").read_text())
    return {criterion["slug"]: criterion for category in content["categories"] for criterion in category["criteria"]}


CRITERIA = criteria()


@each
def test_a_definition_is_complete(experiment: Experiment) -> None:
    assert experiment.title
    assert experiment.question.endswith("?")
    assert len(experiment.method) > 100
    assert experiment.method.rstrip()[-1] == "."
    assert experiment.variants
    assert len(set(experiment.variants)) == len(experiment.variants)
    assert "def take(job: Job)" in experiment.code
    assert experiment.timeout <= 120


@each
def test_a_program_lies_where_its_slug_and_group_say(experiment: Experiment) -> None:
    *_, group, module = PROGRAMS[experiment.slug].module.split(".")
    assert group == experiment.group
    assert module.replace("_", "-") in (experiment.slug, experiment.slug.removeprefix(f"{group}-"))


@each
def test_variants_are_named_alike_everywhere(experiment: Experiment) -> None:
    assert experiment.environments.keys() <= set(experiment.variants)
    assert set(experiment.feeds.values()) <= set(experiment.variants)
    assert set(experiment.lists) <= experiment.feeds.keys()


@each
def test_an_environment_is_one_of_an_adapter(experiment: Experiment) -> None:
    known = {name for adapter in ADAPTERS.values() for name in adapter.requirements}
    assert set(experiment.environments.values()) <= known


@pytest.mark.parametrize(("slug", "criterion"), FED)
def test_a_fed_criterion_exists_and_takes_what_the_experiment_gives(slug, criterion) -> None:
    experiment = EXPERIMENTS[slug]
    assert criterion in CRITERIA
    kind = CRITERIA[criterion]["kind"]
    if experiment.unit:
        assert (kind, CRITERIA[criterion]["unit"]) == ("figure", experiment.unit)
        assert bool(CRITERIA[criterion].get("lower_is_better")) is experiment.lower_is_better
    else:
        assert kind == ("list" if criterion in experiment.lists else "feature")


def test_no_criterion_is_fed_twice() -> None:
    fed = [criterion for _, criterion in FED]
    assert sorted(set(fed)) == sorted(fed)


def test_every_figure_that_only_an_experiment_can_give_is_fed() -> None:
    told = {slug for slug, criterion in CRITERIA.items() if "xperiment" in criterion.get("help_text", "")}
    assert told
    assert told <= {criterion for _, criterion in FED}


def test_only_adapters_name_frameworks() -> None:
    found = {path: NAMES.findall(path.read_text()) for path in OUTSIDE}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize("adapter", ADAPTERS.values(), ids=lambda adapter: adapter.slug)
def test_an_adapter_pins_what_it_installs(adapter) -> None:
    assert CLEAN in adapter.requirements
    requirements = [line for lines in adapter.requirements.values() for line in lines]
    assert all(re.fullmatch(r"[\w.-]+(\[[\w,]+\])?==[\w.]+", line) for line in (*requirements, *adapter.constraints))


def test_names_that_do_not_exist_are_answered_with_close_ones() -> None:
    with pytest.raises(discovery.UnknownName, match=r"^No experiment 'jsn'\. Known: json\.$"):
        discovery.choose_programs(["jsn"])
    with pytest.raises(discovery.UnknownName, match=r"^No framework 'djnago'\. Known: django\.$"):
        discovery.choose(["djnago"], ADAPTERS, "framework")
    with pytest.raises(discovery.UnknownName, match=f"Known: {', '.join(ADAPTERS)}"):
        discovery.choose(["zzz"], ADAPTERS, "framework")


def test_experiments_are_chosen_by_slug_or_group() -> None:
    assert list(discovery.choose_programs(["json"])) == ["json"]
    chosen = discovery.choose_programs(["size", "json"]).values()
    assert {program.experiment.group for program in chosen} == {"size", "speed"}
    assert discovery.choose_programs([]).keys() == PROGRAMS.keys()
