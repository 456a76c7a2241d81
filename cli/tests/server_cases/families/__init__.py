"""The families of cases, and what a case is."""

import sys


class Case:
    def __init__(self, name, why, does, /, **given):
        self.name, self.why, self.does, self.given = name, why, does, given

    @property
    def is_alone(self):
        """Whether it measures memory or time, and nothing else should run meanwhile."""
        return getattr(sys.modules[self.does.__module__], "ALONE", False)

    def run(self, world):
        self.does(world, **self.given)
