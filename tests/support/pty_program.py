"""A program on a terminal of its own, and what a person would see there."""
import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import threading
import time

import pyte


class OnTerminal:
    """Runs a command on a new terminal. `screen` is what it shows now, `raw` all that came, `lines()` without blank ends."""

    def __init__(self, command, columns=80, lines=24, environment=None):
        self._master, slave = pty.openpty()
        self._slave = slave  # kept open, so that what is on the terminal outlives the program
        self._resize(columns, lines)
        self.before = termios.tcgetattr(slave)
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self._lock = threading.Lock()
        kept = {key: value for key, value in os.environ.items() if not key.startswith("MODELMORA_") and key != "NO_COLOR"}
        self._process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                                         preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
                                         env={**kept, "TERM": "xterm-256color", **(environment or {})})
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        while True:
            try:
                piece = os.read(self._master, 65536)
            except OSError:
                return
            if not piece:
                return
            with self._lock:
                self.raw += piece
                self._stream.feed(piece)

    def _resize(self, columns, lines):
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def resize(self, columns, lines):
        with self._lock:
            self.screen.resize(lines, columns)
        self._resize(columns, lines)

    def lines(self) -> list[str]:
        with self._lock:
            shown = [line.rstrip() for line in self.screen.display]
        while shown and not shown[-1]:
            shown.pop()
        return shown

    def until(self, condition, seconds=60):
        """Waits until condition(the lines that are shown) holds."""
        deadline = time.monotonic() + seconds
        while not condition(self.lines()):
            assert time.monotonic() < deadline, "\n".join(["the terminal shows:", *self.lines()])
            time.sleep(0.01)
        return self.lines()

    def type(self, keys: bytes):
        os.write(self._master, keys)

    def signal(self, number):
        self._process.send_signal(number)

    def wait(self, seconds=60) -> int:
        """Its exit status, as a shell has it."""
        code = self._process.wait(seconds)
        self._settle()
        return code if code >= 0 else 128 - code

    def wait_stopped(self, seconds=60):
        deadline = time.monotonic() + seconds
        while True:
            state = open(f"/proc/{self._process.pid}/stat", encoding="ascii").read().rpartition(") ")[2][0]
            if state == "T":
                return self._settle()
            assert time.monotonic() < deadline, f"it is in state {state}"
            time.sleep(0.01)

    def _settle(self):
        """Until all that was written has been read."""
        marker = b"\x1b[0mmm-end"
        os.write(self._slave, marker)
        deadline = time.monotonic() + 10
        while True:
            with self._lock:
                if marker in self.raw:
                    self.raw = self.raw.replace(marker, b"")
                    return
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def is_as_before(self) -> bool:
        """Whether the terminal is in the state that the program found: its settings, its page, its cursor."""
        same = termios.tcgetattr(self._slave) == self.before
        last = {name: max(self.raw.rfind(on), 0) <= max(self.raw.rfind(off), 0)
                for name, on, off in (("page", b"\x1b[?1049h", b"\x1b[?1049l"), ("cursor", b"\x1b[?25l", b"\x1b[?25h"))}
        return same and all(last.values())

    def close(self):
        if self._process.poll() is None:
            self._process.kill()
            self._process.send_signal(signal.SIGCONT)
            self._process.wait(20)
        os.close(self._slave)
        self._reader.join(5)
        os.close(self._master)
