"""The package of *Flat Is Not Finished*: objectives, update rules, networks and explorers.

Import what you need from its modules, for example `from slopes.objectives import parabola`.
Nothing is imported here, so that the numerical modules load without matplotlib or Jupyter.
"""

__version__ = "0.1.0"
