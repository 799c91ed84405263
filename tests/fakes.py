"""Doubles for the screen's tests: `FakeEngine` records verbs and scripts events, `sample_engine` is a lively one."""

from tests.fake_engine import ENVIRONMENT, FakeEngine, FakeReader
from tests.sample import NOW, PERSON, sample_engine

__all__ = ["ENVIRONMENT", "NOW", "PERSON", "FakeEngine", "FakeReader", "sample_engine"]
