"""Pools of connections after a fork: what the parent uses is kept from being closed, and nothing of it is used."""

from typing import Any

import pytest

from enneo_mind_client.errors import ConfigurationError
from enneo_mind_client.transports.pools import LoopPools, ProcessPool


class Client:
    """Something that can be closed."""

    def __init__(self) -> None:
        self.closed = False

    async def aclose(self) -> None:
        """Note that it was."""
        self.closed = True


def test_a_child_makes_a_client_of_its_own() -> None:
    """The parent's is neither used nor given back."""
    pool = ProcessPool(Client)
    parents = pool.get()
    pool._pid = -1

    assert not pool.is_open
    assert pool.get() is not parents
    assert pool._inherited == [parents]


def test_a_child_that_ends_leaves_the_parents_client() -> None:
    """There is nothing to close for it, and then no way back."""
    pool = ProcessPool(Client)
    parents = pool.get()
    pool._pid = -1

    assert pool.take() is None
    assert pool._inherited == [parents]
    with pytest.raises(ConfigurationError, match="closed while a call was under way"):
        pool.get()


@pytest.mark.parametrize("ends", [True, False])
async def test_a_childs_loop_leaves_the_parents_pool(ends: bool) -> None:
    """Whether it calls or only closes, the parent's connections stay open."""
    pools: LoopPools[Any] = LoopPools(Client, Client.aclose, 1)
    parents = await pools.here()
    pools._pid = -1

    if ends:
        await pools.aclose()
    else:
        assert await pools.here() is not parents
    assert parents.client.closed is False
    await pools.aclose()
    await parents.keeper.aclose()
