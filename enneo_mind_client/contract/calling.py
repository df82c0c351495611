"""Makes the planned calls through a client's own flow, and hears each answer whatever the client makes of it."""

from collections.abc import Sequence
from typing import Any

from attrs import frozen

from enneo_mind_client.api import Api, AsyncApi
from enneo_mind_client.contract.documents import Documents
from enneo_mind_client.contract.findings import Skipped, Unanswered
from enneo_mind_client.contract.judging import Exchange
from enneo_mind_client.contract.planning import Planned
from enneo_mind_client.contract.report import Report
from enneo_mind_client.contract.tally import Tally
from enneo_mind_client.drivers import Flow, Send
from enneo_mind_client.errors import AuthenticationError, ConfigurationError, EnneoMindError
from enneo_mind_client.flow import Call
from enneo_mind_client.operations import Reply, Request
from enneo_mind_client.text import printable


@frozen
class Heard:
    """The last answer to a call, and the error that the call ended in."""

    reply: Reply | None
    error: EnneoMindError | None


def checking(
    api: Api | AsyncApi, documents: Documents, planned: Sequence[Planned], skipped: Sequence[Skipped]
) -> Flow[Report]:
    """Yield what to do until every planned call is made, and return what was found.

    Raises:
        ConfigurationError: A document is wrong, or the client has no credential.
    """
    tally, unanswered = Tally(documents), list[Unanswered]()
    for each in planned:
        heard = yield from _listening(api, each.request)
        refused = isinstance(heard.error, AuthenticationError)
        if heard.reply is not None and not refused:
            tally.add(_exchange(each, heard.reply))
            continue
        unanswered.append(Unanswered(each.endpoint.name, each.values, printable(str(heard.error)), refused))
        if refused:  # the next call would be, too
            break
    return tally.report(skipped=skipped, unanswered=unanswered)


def _listening(api: Api | AsyncApi, request: Request[Any]) -> Flow[Heard]:
    flow = Call(request, api.connections.shared, api.settings).flow()
    url, reply = api.connections.shared.instance.base_url + request.target, None
    try:
        effect = next(flow)
        while True:
            is_ours = isinstance(effect, Send) and effect.url == url  # others ask for a token
            reply = None if is_ours else reply
            try:
                result = yield effect
            except Exception as error:
                effect = flow.throw(error)
            else:
                reply = result if is_ours else reply
                effect = flow.send(result)
    except StopIteration:
        return Heard(reply, None)
    except ConfigurationError:
        raise
    except EnneoMindError as error:
        return Heard(reply, error)
    finally:
        flow.close()


def _exchange(planned: Planned, reply: Reply) -> Exchange:
    endpoint = planned.endpoint
    return Exchange(endpoint.method, endpoint.path, reply.status, reply.headers, reply.content)
