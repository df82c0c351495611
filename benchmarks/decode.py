"""Compare reading a body into models with orjson alone and with the stock generator's models, in one run.

python -m benchmarks.decode
"""

import gc
import importlib
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson
from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

from enneo_mind_client._generated.models.get_conversations_response_200 import GetConversationsResponse200

SPEC = Path(__file__).parent.parent / "openapi" / "enneo-mind.yaml"
WORDS = "Sehr geehrte Damen und Herren, mein Zählerstand beträgt 12345 kWh, bitte ändern Sie den Abschlag. "
ROUNDS, RUNS = 100, 10


def attachment(number: int) -> dict[str, Any]:
    """Return an attachment with every field of the document's example."""
    name = f"IMG_{number:08}.jpg"
    url = f"https://storage.example.com/attachments/{name}"
    return {
        "id": number,
        "url": url,
        "name": name,
        "size": 2292952,
        "width": 3120,
        "height": 4160,
        "inline": False,
        "fileEnding": "jpg",
        "contentType": "image/jpeg",
        "originalUrl": url,
        "extractedData": {"text": WORDS},
        "extractionStatus": "success",
        "extractionData": {"confidence": 0.815, "meterValue": 87870.5},
    }


def conversation(number: int, dates: tuple[Any, Any]) -> dict[str, Any]:
    """Return a conversation with every field, two attachments and two dates."""
    return {
        "id": number,
        "ticketId": 376189,
        "type": "html",
        "direction": "in",
        "private": False,
        "isDraft": False,
        "fromEmail": "kunde@example.com",
        "fromEmailName": "Erika Mustermann",
        "agentId": 1,
        "sender": {"id": 1, "name": "Erika Mustermann", "email": "kunde@example.com", "subchannelId": 1},
        "toEmail": ["service@example.com"],
        "to": ["service@example.com"],
        "ccEmails": [],
        "bccEmails": [],
        "channelId": f"msg-{number}",
        "content": {"message": WORDS * 14},
        "intentIds": ["ai_agent_meter_reading"],
        "cortexRequestId": 123,
        "externalConversationId": "abc-123",
        "isRead": True,
        "attachments": [attachment(2 * number), attachment(2 * number + 1)],
        "interface": {},
        "createdAt": dates[0],
        "modifiedAt": dates[1],
    }


def body() -> bytes:
    """Return 64 kB: 20 conversations with 40 attachments, dates as epoch seconds and as strings."""
    dates = [(1657056276, 1672756198), ("2022-08-12 12:21:21", "2023-11-07T05:31:56Z")]
    conversations = [conversation(number, dates[number % 2]) for number in range(20)]
    return orjson.dumps({"conversations": conversations, "success": True})


def stock(directory: Path) -> Any:
    """Return the model that the generator makes of the document as published, with its own templates."""
    out = directory / "stock_client"
    config = Config.from_sources(
        ConfigFile(post_hooks=[]), MetaType.NONE, SPEC, "utf-8", overwrite=False, output_path=out
    )
    generate(config=config)
    sys.path.insert(0, str(directory))
    return importlib.import_module("stock_client.models").GetConversationsResponse200


def best(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the fewest microseconds that each call took; they take turns, so that a slow moment is not one's alone."""
    fewest = dict.fromkeys(calls, float("inf"))
    for _ in range(ROUNDS):
        for name, call in calls.items():
            start = perf_counter()
            for _ in range(RUNS):
                call()
            fewest[name] = min(fewest[name], (perf_counter() - start) / RUNS * 1e6)
    return fewest


def main() -> None:
    """Print the ratios."""
    raw = body()
    with tempfile.TemporaryDirectory() as directory:
        theirs = stock(Path(directory))
    gc.disable()
    parsed = orjson.loads(raw)
    of_stock = json.loads(raw)
    ours = GetConversationsResponse200
    times = best(
        {
            "orjson.loads": lambda: orjson.loads(raw),
            "ours: orjson.loads and from_dict": lambda: ours.from_dict(orjson.loads(raw)),
            "ours: from_dict": lambda: ours.from_dict(parsed),
            "stock: from_dict": lambda: theirs.from_dict(of_stock),
            "stock: json.loads and from_dict": lambda: theirs.from_dict(json.loads(raw)),
        }
    )
    print(f"{len(raw)} bytes")
    for name, time in times.items():
        print(f"{time:8.1f} us  {time / times['orjson.loads']:5.2f} x orjson.loads  {name}")
    print(f"stock / ours, from_dict: {times['stock: from_dict'] / times['ours: from_dict']:.1f}")


if __name__ == "__main__":
    main()
