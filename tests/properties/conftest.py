"""Settings of the property tests: the same examples each time, and no limit on how slow a machine may be."""

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")
