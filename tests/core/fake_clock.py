"""A clock that stands still until someone sleeps, as the client takes it."""

from enneo_mind_client.clock import Clock
from tests.faults.fake_time import FakeTime


class FakeClock(FakeTime, Clock):
    """See `FakeTime`."""
