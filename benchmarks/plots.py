"""Draws what was measured, from the data that lies beside each plot."""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams.update({"svg.hashsalt": "enneo", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
from matplotlib import pyplot as plt  # noqa: E402 - after the choice of the backend

OURS: Final = "#0b6e4f"
THEIRS: Final = "#9aa5b1"


def draw(name: str, result: Any, path: Path) -> None:
    """Draw one plot as SVG."""
    figure, axes = plt.subplots(figsize=(7, 3.4))
    _PLOTS[name](axes, result)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _calls(axes: Any, records: Any) -> None:
    usual = [record for record in records if record["size"] == "usual" and not record["peer"].endswith("_sync")]
    concurrencies = sorted({record["concurrency"] for record in usual})
    for peer in dict.fromkeys(record["peer"] for record in usual):
        points = [
            median(r["cpu"] for r in usual if r["peer"] == peer and r["concurrency"] == number)
            for number in concurrencies
        ]
        axes.plot([str(n) for n in concurrencies], points, marker="o", label=peer, lw=3 if peer == "ours" else 1.2)
    axes.set(yscale="log", xlabel="calls at the same time", ylabel="CPU a call, us", title="A typed call of 10 kB")
    axes.legend(fontsize=7, ncols=2, frameon=False)


def _bars(axes: Any, figures: dict[str, float], label: str) -> None:
    ordered = sorted(figures.items(), key=lambda pair: -pair[1])
    axes.barh(
        [n for n, _ in ordered],
        [v for _, v in ordered],
        color=[OURS if "ours" in n or "enneo" in n else THEIRS for n, _ in ordered],
    )
    axes.set(xlabel=label)


def _decode(axes: Any, result: Any) -> None:
    _bars(axes, {name: median(taken) for name, taken in result["times"].items()}, "us for a body of 64 kB")


def _cold(axes: Any, rounds: Any) -> None:
    _bars(axes, {name: median(taken[name] for taken in rounds) for name in rounds[0]}, "ms of CPU, a fresh process")


def _million(axes: Any, curve: Any) -> None:
    tickets = [point["tickets"] for point in curve]
    axes.plot(tickets, [point["rss_mb"] for point in curve], color=OURS, label="memory, MB")
    axes.plot(tickets, [point["fds"] for point in curve], color="#c05640", label="file descriptors")
    axes.plot(tickets, [point["per_s"] / 10 for point in curve], color=THEIRS, label="tickets a second / 10")
    axes.set(xlabel="tickets", ylim=(0, None))
    axes.legend(frameon=False)


_PLOTS: Final[dict[str, Callable[[Any, Any], None]]] = {
    "calls": _calls,
    "decode": _decode,
    "cold": _cold,
    "million": _million,
}
