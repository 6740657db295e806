"""A modelmora-engine of the build under test: its own data folder, free ports on loopback, its log in a file.

The engine says where it listens in <data-dir>/engine.json once it is ready. One owner per process: whoever started it
stops it, and stopping fails loudly where the engine did not end by itself, cleanly, in time.
"""
import json
import os
import signal
import subprocess
import time
from pathlib import Path

START_SECONDS = 30
STOP_SECONDS = 40


class EngineFailure(AssertionError):
    """The engine did not do what every test relies on; the message ends with its log."""


class EngineProcess:
    def __init__(self, program: Path, data_dir: Path, flags: tuple[str, ...] = (), environment: dict | None = None):
        self.program = program
        self.data = data_dir
        self.flags = flags
        self.environment = environment or {}
        self.log_file = data_dir.with_name(data_dir.name + ".log")
        self._process: subprocess.Popen | None = None
        self._address: dict = {}

    @property
    def rest(self) -> str:
        return self._address["rest"]

    @property
    def url(self) -> str:
        return f"http://{self.rest}"

    @property
    def grpc(self) -> str:
        return self._address["grpc"]

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def _fail(self, what: str) -> EngineFailure:
        return EngineFailure(f"{what}; the end of its log ({self.log_file}):\n" + "\n".join(self.log().splitlines()[-40:]))

    def launch(self) -> None:
        """Starts the program without waiting; `--rest` and `--grpc` among the flags win over free ports."""
        self.data.mkdir(parents=True, exist_ok=True)
        command = [str(self.program), "--data-dir", str(self.data)]
        for flag in ("--rest", "--grpc"):
            if not any(given == flag or given.startswith(flag + "=") for given in self.flags):
                command += [flag, "127.0.0.1:0"]
        kept = {key: value for key, value in os.environ.items() if not key.startswith("MODELMORA_")}
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen([*command, *self.flags], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                             env={**kept, **self.environment})

    def wait_ready(self, seconds: float = START_SECONDS) -> "EngineProcess":
        announcement = self.data / "engine.json"
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.alive():
                raise self._fail(f"the engine ended with {self._process.returncode} before it was ready")
            if announcement.exists():
                self._address = json.loads(announcement.read_text())
                if self._address["pid"] == self.pid:
                    return self
            time.sleep(0.005)
        raise self._fail(f"the engine was not ready after {seconds} s")

    def start(self) -> "EngineProcess":
        self.launch()
        return self.wait_ready()

    def wait_until(self, condition, seconds: float = START_SECONDS) -> None:
        """Waits for something that can only be asked for, not waited for."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise self._fail(f"what the test waits for did not come within {seconds} s")
            time.sleep(0.01)

    def wait(self, seconds: float = STOP_SECONDS) -> int:
        """Waits for the engine to end; its exit status, negative where a signal ended it."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise self._fail(f"the engine still ran after {seconds} s and was killed") from None

    def stop(self, seconds: float = STOP_SECONDS) -> int:
        """SIGTERM, and the exit status; an engine that has ended already is left alone."""
        if self.alive():
            self._process.send_signal(signal.SIGTERM)
        return self.wait(seconds)

    def kill(self) -> None:
        if self.alive():
            self._process.kill()
            self._process.wait()

    def workers(self) -> list[int]:
        """The process ids of its workers."""
        found = []
        for task in Path(f"/proc/{self.pid}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split() if _name_of(int(child)) == "modelmora-worke"]
        return sorted(found)

    def resident_bytes(self, pid: int | None = None) -> int:
        for line in Path(f"/proc/{pid or self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0


def _name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()  # the kernel keeps 15 characters
    except OSError:
        return ""
