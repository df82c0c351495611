"""A local Mind: an honest stand-in for an Enneo Mind instance, to test and to try against. Needs the extra `testing`.

    with LocalMind() as mind:
        client = EnneoMind(mind.base_url, token=mind.token)

`app` makes the same thing as an ASGI application, for `httpx.ASGITransport(app=app())` or another server:
`uvicorn --factory enneo_mind_client.testing:app`.
"""

try:
    from enneo_mind_client.testing.app import MindApp
    from enneo_mind_client.testing.app import MindApp as app  # noqa: N813 - a factory is called like a function
    from enneo_mind_client.testing.mind import LocalMind
    from enneo_mind_client.testing.quirks import Quirks
except ModuleNotFoundError as error:
    needed = "the local Mind needs an extra; install it with: pip install 'enneo-mind-client[testing]'"
    raise ModuleNotFoundError(needed, name=error.name) from error

__all__ = ["LocalMind", "MindApp", "Quirks", "app"]
