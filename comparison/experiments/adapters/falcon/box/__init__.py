"""How the tasks of the experiments in `programs/box` are done with the framework."""
