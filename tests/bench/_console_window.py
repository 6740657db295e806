"""console.py: the window, on a display of its own or on none, and what it says of itself."""
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _places import BUILD

PROGRAM = BUILD / "bin/modelmora-console"
STOP_SECONDS = 30


@contextlib.contextmanager
def display(kind):
    """The environment for a window: on a virtual display (xcb), or in memory (offscreen)."""
    if kind == "offscreen":
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    reader, writer = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-screen", "0", "1920x1200x24", "-nolisten", "tcp"],
                              pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        number = os.read(reader, 16).decode().strip()
        if not number:
            sys.exit("Xvfb did not start")
        yield {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{number}"}
    finally:
        os.close(reader)
        server.terminate()
        server.wait()


class Window:
    """modelmora-console in a home of its own: `with Window(environment, "--connect", ...) as window`."""

    def __init__(self, environment, *flags, tour=0):
        self._home = tempfile.TemporaryDirectory(prefix="modelmora-bench-")
        self._report = Path(self._home.name) / "watch.jsonl"
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("MODELMORA_", "DBUS_SESSION"))}
        self._environment = kept | environment | {
            "HOME": self._home.name, "XDG_CONFIG_HOME": self._home.name, "XDG_DATA_HOME": self._home.name,
            "MODELMORA_CONSOLE_WATCH": str(self._report), "MODELMORA_CONSOLE_TOUR": str(tour)}
        self._flags = [flag.format(home=self._home.name) for flag in flags]
        self.began = 0.0
        self.process = None

    def __enter__(self):
        self.began = time.monotonic() * 1e3
        self.process = subprocess.Popen([PROGRAM, *self._flags], env=self._environment)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                sys.exit("the console did not end")
        shutil.copy(self._report, BUILD / "bench/console-watch.jsonl")
        self._home.cleanup()

    def lines(self):
        if not self._report.exists():
            return []
        return [json.loads(line) for line in self._report.read_text().splitlines()]

    def mark(self, what, seconds=60):
        """What the console told at that mark; waits for it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for line in self.lines():
                if line.get("mark") == what:
                    return line
            if self.process.poll() is not None:
                sys.exit(f"the console ended with {self.process.returncode}")
            time.sleep(0.02)
        sys.exit(f"the console was not {what} after {seconds} s")
