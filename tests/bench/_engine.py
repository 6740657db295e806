"""The engine under measurement, and the thinnest client for it: what a benchmark asks for one request at a time."""
import json
import socket
import sys
import tempfile
import time
from pathlib import Path

from _places import BUILD
from tests.support.engine_process import EngineProcess

MINILM_ID = "sentence-transformers/all-MiniLM-L6-v2"
TEXT = "a short sentence that becomes about twelve tokens long"


class Engine(EngineProcess):
    """An engine in a folder of its own that goes with it: `with Engine("--flag", ...) as engine`."""

    def __init__(self, *flags, worker=None):
        self._folder = tempfile.TemporaryDirectory(prefix="modelmora-bench-")
        chosen = ("--worker", str(worker)) if worker else ()
        super().__init__(BUILD / "bin/modelmora-engine", Path(self._folder.name) / "data", (*flags, *chosen))
        self.start_seconds = 0.0
        self.headers = {}  # of every request that goes through connection()

    def __enter__(self):
        started = time.perf_counter()
        self.start()
        self.start_seconds = time.perf_counter() - started
        return self

    def __exit__(self, *_):
        status = self.stop()
        if status != 0:
            print(self.log()[-4000:], file=sys.stderr)
            sys.exit(f"the engine ended with status {status}")
        self._folder.cleanup()

    def connection(self):
        return Connection(self.rest, self.headers)

    def register(self, model_id, folder, **config):
        with self.connection() as connection:
            connection.json("POST", "/api/v1/models", {
                "model_id": model_id, "task_type": "txt2embed", "source_url": Path(folder).resolve().as_uri(),
                "config": config})

    def load(self, model_id):
        with self.connection() as connection:
            connection.json("POST", f"/api/v1/models/{model_id}/load")

    def worker_of(self, model_id):
        """The process id of the model's worker."""
        with self.connection() as connection:
            return connection.json("GET", f"/api/v1/models/{model_id}/status")[0]["pid"]


class Connection:
    """One keep-alive connection."""

    def __init__(self, address, headers=None):
        host, port = address.rsplit(":", 1)
        self.host = address
        self.more = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        self.socket = socket.create_connection((host, int(port)), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, method, path, body=None, headers=""):
        payload = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\nContent-Type: application/json\r\n{self.more}{headers}"
        self.socket.sendall(f"{head}Content-Length: {len(payload)}\r\n\r\n".encode() + payload)

    def request(self, method, path, body=None, headers=""):
        """Status, body and the seconds it took."""
        started = time.perf_counter()
        self.send(method, path, body, headers)
        status, answer = self.receive()
        return status, answer, time.perf_counter() - started

    def receive(self):
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        while len(body) < int(headers.get("content-length", 0)):
            body += self._more()
        return int(lines[0].split()[1]), body

    def _more(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data

    def json(self, method, path, body=None, expect=(200, 201, 202, 204)):
        """The answer's JSON and the seconds it took; ends the benchmark where the status is another."""
        status, answer, seconds = self.request(method, path, body)
        if status not in expect:
            sys.exit(f"{method} {path}: {status} {answer.decode()}")
        return (json.loads(answer) if answer else None), seconds
