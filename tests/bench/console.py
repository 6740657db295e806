#!/usr/bin/env python3
"""What the desktop console costs beside a busy engine: how long its GUI thread is blocked, processor, memory, each page in
turn; and how soon its window is usable with an engine of its own.

The blocks are told in the thread's own CPU time, which other programs do not lengthen, and as they were seen.
usage: console.py [--minutes M] [--starts N] [--display xcb|offscreen] [--models N] [--waiting N] [--events N]
"""
import argparse
import statistics
import time

from _console_load import busy_engine
from _console_window import Window, display
from _goals import Goals, table
from _places import RESULTS

PAGE_SECONDS = 10
SETTLED_SECONDS = 60  # after which memory is to stay as it is


def starts(goals, options, screen):
    """Of the whole program: with its engine, from exec to a window that is painted and takes a key."""
    figures, computed = {"usable": [], "answered": []}, []
    for _ in range(options.starts):
        with Window(screen, "--rest", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--data-dir", "{home}/data") as window:
            for what, times in figures.items():
                times.append((window.mark(what)["at_ms"] - window.began) / 1e3)
            computed.append(window.mark("usable")["process_cpu_ms"] / 1e3)
    goals.extra["starts_s"] = figures | {"computed": computed}
    if options.starts:
        goals.check("window usable, engine embedded, median", statistics.median(figures["usable"]), "s", "<=", 0.5)
        goals.note("processor time until then, median", statistics.median(computed), "s")
        goals.note("window usable, engine embedded, slowest", max(figures["usable"]), "s")
        goals.note("the engine's answer shown, median", statistics.median(figures["answered"]), "s")


def pages_of(lines):
    """The spans between two lines, by the page that was seen."""
    pages = {}
    for before, line in zip(lines, lines[1:]):
        page = pages.setdefault(line["page"], {"seconds": 0, "cpu": 0, "gui": 0, "wall": 0, "block": 0, "where": ""})
        page["seconds"] += (line["at_ms"] - before["at_ms"]) / 1e3
        page["cpu"] += (line["process_cpu_ms"] - before["process_cpu_ms"]) / 1e3
        page["gui"] += (line["gui_cpu_ms"] - before["gui_cpu_ms"]) / 1e3
        page["wall"] = max(page["wall"], line["longest_wall_ms"])
        if line["longest_cpu_ms"] > page["block"]:
            page |= {"block": line["longest_cpu_ms"], "where": line["worst"][0]["where"]}
    return pages


def show_pages(pages):
    table(["page", "% of a core", "% GUI thread", "longest block, CPU ms", "as seen, ms", "where"],
          [[name, 100 * page["cpu"] / page["seconds"], 100 * page["gui"] / page["seconds"], page["block"], page["wall"],
            page["where"]] for name, page in pages.items()])


def beside_a_busy_engine(goals, options, screen):
    with busy_engine(options.models, options.waiting, options.events) as load:
        with Window(screen, "--connect", load.engine.grpc, tour=PAGE_SECONDS) as window:
            window.mark("answered")
            before, began = load.events, time.monotonic()
            time.sleep(options.minutes * 60)
            rate = (load.events - before) / (time.monotonic() - began)
            lines = [line for line in window.lines() if "page" in line]
    pages = pages_of(lines)
    show_pages(pages)
    seconds = sum(page["seconds"] for page in pages.values())
    memory = [[(line["at_ms"] - lines[0]["at_ms"]) / 1e3, line["resident_mb"]] for line in lines]
    settled = [each[1] for each in memory if each[0] >= min(SETTLED_SECONDS, memory[-1][0] / 2)]
    goals.extra |= {"pages": pages, "resident_mb": memory, "events_per_second": rate,
                    "worst": sorted((each for line in lines for each in line["worst"]), key=lambda it: -it["cpu_ms"])[:20]}
    goals.note("events a second that the console was told", rate, "/s")
    goals.check("longest block of the GUI thread, its own CPU time", max(page["block"] for page in pages.values()), "ms", "<=", 50)
    goals.note("longest block of the GUI thread, as seen", max(page["wall"] for page in pages.values()), "ms")
    goals.check("the console, of one core", 100 * sum(page["cpu"] for page in pages.values()) / seconds, "%", "<=", 20)
    goals.check("the costliest page, of one core", max(100 * page["cpu"] / page["seconds"] for page in pages.values()), "%", "<=", 20)
    goals.check("resident memory, most", max(each[1] for each in memory), "MB", "<=", 150)
    goals.note("resident memory, once every page was seen", settled[0], "MB")
    goals.note("resident memory, at the end", settled[-1], "MB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--starts", type=int, default=10)
    parser.add_argument("--display", choices=("xcb", "offscreen"), default="xcb")
    parser.add_argument("--models", type=int, default=100)
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--events", type=float, default=200)
    options = parser.parse_args()
    RESULTS.mkdir(parents=True, exist_ok=True)
    goals = Goals("console")
    with display(options.display) as screen:
        starts(goals, options, screen)
        if options.minutes > 0:
            beside_a_busy_engine(goals, options, screen)
    return goals.finish()


if __name__ == "__main__":
    raise SystemExit(main())
