"""Documents that nobody would write: compared or refused, in either direction, and never a traceback."""

from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.spec_tools.seed import seed
from tools import spec_diff
from tools.spec_diff import documents
from tools.spec_diff.documents import Document, UnusableError

SPEC = Path(__file__).parents[2] / "openapi" / "enneo-mind.yaml"
BASE = seed(deepcopy(documents.read(SPEC).root))
JUNK = [None, [], {}, 7, "x", True, [None], {"a": {}}, {"$ref": 1}, {"$ref": "#/info"}, "http://[", [["a"]], 1.5]


def places(node: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document but those that make it one."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in pairs:
        if (*above, key) not in {("openapi",), ("info",), ("paths",)}:
            yield (*above, key)
        yield from places(child, (*above, key))


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(place=st.sampled_from(list(places(BASE))), junk=st.sampled_from(JUNK))
def test_junk(place: tuple[Any, ...], junk: Any) -> None:
    """Anything may stand anywhere; a document that differs is never said to be the same."""
    junked = deepcopy(BASE)
    node: Any = junked
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = deepcopy(junk)

    for old, new in ((BASE, junked), (junked, BASE)):
        with suppress(UnusableError):
            assert bool(spec_diff.compare(Document(old), Document(new))) is (old != new)
