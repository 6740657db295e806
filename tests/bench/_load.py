"""Runs the load generator (tests/bench/load/) with a plan and reads its report."""
import json
import os
import subprocess
import sys

from _places import BUILD


def stream(name, path, bodies, *, connections=1, rate=0, headers=None):
    """A set of connections that send the lines of the file `bodies` in turn; see load/plan.h."""
    return {"name": name, "path": path, "bodies": str(bodies), "connections": connections, "rate": rate,
            "headers": headers or {}}


def start(address, streams, seconds, warmup=0.5, urgent=False):
    """The generator at work; give it to finish(). An urgent one is on the processor whenever it has something to do, where
    the system lets it, so that its figures are the server's alone and not its own wait for a processor."""
    plan = {"address": address, "seconds": seconds, "warmup_seconds": warmup, "streams": streams}
    process = subprocess.Popen([BUILD / "bin/mm_load", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdin.write(json.dumps(plan))
    process.stdin.close()
    process.stdin = None  # or communicate() would write to it
    if urgent:
        try:
            os.sched_setscheduler(process.pid, os.SCHED_FIFO, os.sched_param(1))
        except PermissionError:
            print("the probe may not go first: its own wait for a processor is in its figures")
    return process


def finish(process, allow=(200,)):
    """The report by stream name. Ends the benchmark where an answer was wrong, missing or not in `allow`."""
    output, _ = process.communicate()
    if process.returncode != 0:
        sys.exit("the load generator failed; its message is above")
    report = json.loads(output)
    for each in report["streams"]:
        strange = set(map(int, each["statuses"])) - set(allow)
        if strange or each["lost_connections"] or each["unanswered"]:
            sys.exit(f"{each['name']} was not served: {json.dumps(each)}")
    return {each["name"]: each for each in report["streams"]} | {"": report}


def run(address, streams, seconds, warmup=0.5, allow=(200,)):
    return finish(start(address, streams, seconds, warmup), allow)
