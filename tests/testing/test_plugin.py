"""The pytest plugin, in runs of pytest as users have them: a process each, warnings as errors."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "testing.md"
STRICT = ("-W", "error", "-p", "no:cacheprovider", "-p", "no:schemathesis")
MODE = ("-o", "asyncio_default_fixture_loop_scope=function", "-o")

DOCUMENTED = [
    textwrap.dedent(block)
    for block in re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    if "def test_" in block
]
DOCUMENTED_TESTS = sum(block.count("def test_") for block in DOCUMENTED)

COROUTINES = """
    import pytest

    {mark}

    async def test_a_call(async_enneo_mind, local_mind, enneo_clock):
        local_mind.fail(ticket=5, status=503, times=2)
        assert await async_enneo_mind.conversations.list(5)
        assert len(enneo_clock.slept) == 2

    async def test_many(async_enneo_mind, local_mind):
        local_mind.rate_limit = 20
        answers = [each async for each in async_enneo_mind.conversations.stream(range(1, 101))]
        assert [each.error for each in answers] == [None] * 100

    async def test_closed_by_the_test(async_enneo_mind):
        async with async_enneo_mind:
            assert await async_enneo_mind.conversations.list(5)
"""
ANYIO = """
    import pytest

    @pytest.fixture
    def anyio_backend():
        return "asyncio"

    @pytest.fixture
    async def warm(async_enneo_mind):
        await async_enneo_mind.conversations.list(5)
        yield async_enneo_mind

    @pytest.mark.anyio
    async def test_behind_a_fixture_of_coroutines(warm):
        assert await warm.conversations.list(6)
"""
LOOPS = """
    import asyncio

    LOOP = asyncio.new_event_loop()

    def test_one_loop_after_another(async_enneo_mind):
        for _ in range(2):
            assert asyncio.run(async_enneo_mind.conversations.list(5))

    def test_a_loop_that_goes_on_after_the_test(async_enneo_mind):
        assert LOOP.run_until_complete(async_enneo_mind.conversations.list(5))

    def test_it_goes_on():
        LOOP.run_until_complete(asyncio.sleep(0))
        LOOP.close()

    def test_a_client_that_is_never_used(async_enneo_mind, enneo_mind):
        pass
"""
WITHOUT_THE_EXTRA = """
    import sys
    sys.modules.update({"starlette": None, "uvicorn": None})
"""


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    """Run pytest with warnings as errors, also those of sockets and loops that are left open."""
    return pytester.runpytest_subprocess(*STRICT, *options, timeout=100)


@pytest.mark.parametrize("mode", ["strict", "auto"])
def test_what_the_guide_shows(pytester: pytest.Pytester, mode: str) -> None:
    """Each test of the guide passes, word for word."""
    for number, block in enumerate(DOCUMENTED):
        pytester.makepyfile(**{f"test_{number}": block})

    run(pytester, *MODE, f"asyncio_mode={mode}").assert_outcomes(passed=DOCUMENTED_TESTS)
    assert DOCUMENTED_TESTS >= 5


@pytest.mark.parametrize(
    ("mark", "mode"),
    [
        ("pytestmark = pytest.mark.asyncio", "strict"),
        ("", "auto"),
        ('pytestmark = pytest.mark.asyncio(loop_scope="module")', "strict"),
    ],
)
def test_with_pytest_asyncio(pytester: pytest.Pytester, mark: str, mode: str) -> None:
    """The asynchronous client works in a loop for each test, and in one for all."""
    pytester.makepyfile(COROUTINES.format(mark=mark))

    run(pytester, *MODE, f"asyncio_mode={mode}").assert_outcomes(passed=3)


def test_with_anyio(pytester: pytest.Pytester) -> None:
    """It works under anyio's plugin alone, also where an asynchronous fixture uses it."""
    pytester.makepyfile(test_1=COROUTINES.format(mark="pytestmark = pytest.mark.anyio"), test_2=ANYIO)
    pytester.makeconftest('import pytest\n\n@pytest.fixture\ndef anyio_backend():\n    return "asyncio"')

    run(pytester, "-p", "no:asyncio").assert_outcomes(passed=4)


def test_without_a_plugin_for_coroutines(pytester: pytest.Pytester) -> None:
    """It works in plain tests, in several loops, and leaves nothing open."""
    pytester.makepyfile(LOOPS)

    run(pytester, "-p", "no:asyncio", "-p", "no:anyio").assert_outcomes(passed=4)


def test_with_xdist(pytester: pytest.Pytester) -> None:
    """Each worker has a server of its own."""
    for name in ("test_one", "test_other"):
        pytester.makepyfile(**{name: "def test_it(enneo_mind):\n    assert enneo_mind.conversations.list(5)"})

    run(pytester, "-n", "2", "-p", "no:asyncio").assert_outcomes(passed=2)


def test_without_the_extra(pytester: pytest.Pytester) -> None:
    """Runs that use no fixture of ours are left alone; one that does is told what to install, in a line."""
    pytester.makeconftest(WITHOUT_THE_EXTRA)
    pytester.makepyfile(
        """
        from enneo_mind_client.testing import conversation

        def test_models_and_time(enneo_clock):
            assert conversation(id=7).id == 7
            enneo_clock.advance(1)

        def test_a_mind(enneo_mind):
            pass
        """
    )

    result = run(pytester, "-p", "no:asyncio")

    result.assert_outcomes(passed=1, errors=1)
    told = [line for line in result.outlines if "pip install" in line and not line.startswith("ERROR ")]
    assert told == ["the local Mind needs an extra; install it with: pip install 'enneo-mind-client[testing]'"]
    assert "another exception" not in result.stdout.str()


def test_fixtures_of_the_same_names_are_not_in_the_way(pytester: pytest.Pytester) -> None:
    """A project's own fixture wins over ours."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def local_mind():
            return "mine"

        def test_it(local_mind):
            assert local_mind == "mine"
        """
    )

    run(pytester, "-p", "no:asyncio").assert_outcomes(passed=1)


def test_pytest_finds_it_by_itself_and_it_does_nothing() -> None:
    """Loading it imports nothing but itself, which takes next to no time in everybody's runs."""
    script = """
        import sys, pytest
        before = set(sys.modules)
        [entry] = [each for each in __import__("importlib.metadata").metadata.entry_points(group="pytest11")
                   if each.name == "enneo_mind"]
        plugin = entry.load()
        print(*sorted(set(sys.modules) - before))
        assert not [name for name in vars(plugin) if name.startswith("pytest_") and name != "pytest_addoption"]
        """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True)

    door, room = "enneo_mind_client", "enneo_mind_client.testing"
    assert done.stdout.split() == [door, room, f"{room}.contract_fixture", f"{room}.plugin"]


def test_an_import_before_pytest_starts(pytester: pytest.Pytester) -> None:
    """pytest, started from a program that uses the package, does not warn that it came too late for it."""
    told = pytester.mkdir("installed-1.dist-info")
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: installed\nVersion: 1\n", encoding="utf-8")
    (told / "RECORD").write_text("enneo_mind_client/__init__.py,,\n", encoding="utf-8")
    (told / "entry_points.txt").write_text(
        "[pytest11]\ninstalled = enneo_mind_client.testing.plugin\n", encoding="utf-8"
    )
    pytester.makepyfile("def test_it(enneo_mind):\n    assert enneo_mind.conversations.list(5)")
    script = "import sys, enneo_mind_client, pytest; sys.path.append('.'); sys.exit(pytest.main(sys.argv[1:]))"

    result = pytester.run(
        sys.executable, "-W", "error", "-c", script, *STRICT, "-p", "no:asyncio", "-p", "no:enneo_mind"
    )

    result.assert_outcomes(passed=1)
