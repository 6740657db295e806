"""A client of bytes: sends anything, and reads exactly what comes back."""
import json
import socket
from dataclasses import dataclass

PATIENCE_SECONDS = 60


@dataclass
class RawAnswer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class RawClient:
    def __init__(self, engine):
        host, port = engine.rest.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), PATIENCE_SECONDS)
        self._in = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data: bytes) -> "RawClient":
        """As far as the other side takes it: one that has refused may not want the rest."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return self

    def _more(self) -> bool:
        try:
            data = self.socket.recv(1 << 20)
        except ConnectionResetError:
            return False
        self._in += data
        return bool(data)

    def answer(self, head_only: bool = False) -> RawAnswer | None:
        """The next answer; None where the connection ends first."""
        while b"\r\n\r\n" not in self._in:
            if not self._more():
                return None
        head, self._in = self._in.split(b"\r\n\r\n", 1)
        lines = head.decode("latin1").split("\r\n")
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines[1:])}
        size = 0 if head_only else int(headers.get("content-length", 0))
        while len(self._in) < size:
            if not self._more():
                return None
        body, self._in = self._in[:size], self._in[size:]
        return RawAnswer(int(lines[0].split(" ")[1]), headers, body)

    def rest(self) -> bytes:
        """What still comes until the other side ends the connection."""
        while self._more():
            pass
        return self._in

    def is_ended(self) -> bool:
        return self.rest() == b""
