"""How the tasks of the experiments in `programs/box` are done with the framework."""

FULL = "the extra “full” would bring"
