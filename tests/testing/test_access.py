"""Who may ask, and how a credential is renewed."""

import pytest

from enneo_mind_client.testing import app

from .asking import ORIGIN, FakeTime, ask, ticket

REFRESH = {"grant_type": "refresh_token", "refresh_token": "local-mind-token-refresh-0"}


def bearer(token: str) -> dict[str, str]:
    """Return the header for a token."""
    return {"Authorization": f"Bearer {token}"}


async def refresh(mind, **form):
    """Ask for a new token."""
    return await ask(mind, "/oauth/token", method="POST", headers={}, data={**REFRESH, **form})


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer local-mind-token"},
        {"Authorization": "bearer local-mind-token"},
        {"Cookie": "connect.sid=local-mind-session"},
        {"Cookie": "theme=dark; connect.sid=local-mind-session; lang=de"},
    ],
)
async def test_a_right_credential_opens(headers):
    """The bearer token or the session cookie is enough."""
    response = await ticket(1, headers=headers)

    assert response.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic local-mind-token"},
        {"Authorization": "local-mind-token"},
        {"Cookie": "connect.sid=wrong"},
        {"Cookie": "not-connect.sid=local-mind-session"},
        {"Cookie": "connectXsid=local-mind-session"},
    ],
)
async def test_a_wrong_credential_is_refused(headers):
    """Without a right credential the answer is 401 and says which kind is due."""
    response = await ticket(1, headers=headers)

    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")


async def test_own_credentials():
    """Token and cookie can be chosen."""
    mind = app(token="mine", session_cookie="my-session")

    assert (await ticket(1, mind, headers=bearer("mine"))).status_code == 200
    assert (await ticket(1, mind, headers={"Cookie": "connect.sid=my-session"})).status_code == 200


async def test_discovery_names_the_token_endpoint():
    """OpenID discovery points at the token endpoint of the same origin, without a credential."""
    response = await ask(app(), "/.well-known/openid-configuration", headers={})

    assert f"{ORIGIN}/oauth/token" == response.json()["token_endpoint"]


async def test_a_refresh_brings_a_new_pair():
    """A refresh answers with a token that works and the next refresh token."""
    mind = app()

    answer = (await refresh(mind)).json()

    assert mind.refresh_token == answer["refresh_token"] != REFRESH["refresh_token"]
    assert (await ticket(1, mind, headers=bearer(answer["access_token"]))).status_code == 200


async def test_a_refresh_token_works_once():
    """A used refresh token is refused in OAuth's own form."""
    mind = app()
    await refresh(mind)

    again = await refresh(mind)

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


async def test_another_grant_is_refused():
    """Only refreshing is supported."""
    response = await refresh(app(), grant_type="password")

    assert (response.status_code, response.json()["error"]) == (400, "unsupported_grant_type")


async def test_a_token_expires():
    """With a lifetime, a token is refused once it is over, and a refreshed one says how long it lives."""
    time = FakeTime()
    mind = app(tokens_expire_in=60.0, clock=time)

    before = await ticket(1, mind)
    time.now += 60
    after = await ticket(1, mind)
    renewed = (await refresh(mind)).json()

    assert (before.status_code, after.status_code, renewed["expires_in"]) == (200, 401, 60.0)
    assert (await ticket(1, mind, headers=bearer(renewed["access_token"]))).status_code == 200


async def test_tokens_can_be_revoked():
    """After `revoke` a token is refused until it is refreshed."""
    mind = app()
    mind.revoke()

    assert (await ticket(1, mind)).status_code == 401
    assert (await refresh(mind)).status_code == 200


async def test_a_refresh_can_be_made_to_fail():
    """`fail_refresh` spoils the next refreshes and leaves the refresh token usable."""
    mind = app()
    mind.fail_refresh(status=503, times=2)

    assert [(await refresh(mind)).status_code for _ in range(3)] == [503, 503, 200]


def test_the_token_is_not_in_the_repr():
    """A repr in a failing test shows no credential, in case somebody uses a real one."""
    assert "hidden" not in repr(app(token="hidden", session_cookie="hidden"))
