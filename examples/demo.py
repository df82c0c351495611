"""Reads one ticket and streams two hundred from a local stand-in for Mind. Run it with `make demo`."""

import asyncio
import time
from collections import Counter

from rich.console import Console
from rich.progress import Progress

from enneo_mind_client import AsyncEnneoMind
from enneo_mind_client.cli.thread import thread
from enneo_mind_client.testing import LocalMind

TICKET = 376189
MANY = range(TICKET, TICKET + 200)


async def show_one(mind: AsyncEnneoMind, console: Console) -> None:
    """Print a ticket's thread."""
    conversations = await mind.conversations.list(TICKET)
    console.print(thread(TICKET, conversations))


async def stream_many(mind: AsyncEnneoMind, console: Console) -> None:
    """Read many tickets, each as it arrives, and print what came."""
    began, outcomes, conversations = time.perf_counter(), Counter[str](), 0
    with Progress(console=console) as progress:
        bar = progress.add_task("Streaming tickets", total=len(MANY))
        async for ticket in mind.conversations.stream(MANY):
            outcomes[type(ticket.error).__name__ if ticket.error else "read"] += 1
            conversations += len(ticket.conversations)
            progress.advance(bar)
    seconds = time.perf_counter() - began
    told = ", ".join(f"{count} {what}" for what, count in outcomes.most_common())
    console.print(f"{len(MANY)} tickets in {seconds:.2f} s ({len(MANY) / seconds:,.0f} a second): {told}.")
    console.print(f"They hold {conversations:,} conversations.")


async def main() -> None:
    """Start the local Mind, read from it, stop it."""
    console = Console()
    with LocalMind() as local:
        console.print(f"A local stand-in for Mind answers at {local.base_url}: made-up tickets, real HTTP.\n")
        async with AsyncEnneoMind(local.base_url, token=local.token) as mind:
            await show_one(mind, console)
            await stream_many(mind, console)
    console.print("The stand-in has stopped; nothing is left running.")


if __name__ == "__main__":
    asyncio.run(main())
