"""A gRPC client that may misbehave: HTTP/2 frames by hand over one connection. One thread, blocking."""
import socket
import struct
import time

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings


def message(payload: bytes, compressed: int = 0) -> bytes:
    """A gRPC message as it stands in DATA."""
    return struct.pack(">BI", compressed, len(payload)) + payload


class H2Client:
    def __init__(self, address: str, window: int | None = None, timeout: float = 30):
        """`window`: of each stream, for a client that reads nothing; None: all is taken as it comes."""
        host, port = address.rsplit(":", 1)
        self.greedy = window is None
        self.socket = socket.create_connection((host, int(port)), timeout=timeout)
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding="utf-8",
                                                                       validate_outbound_headers=False))
        if window is not None:
            self.h2.local_settings = h2.settings.Settings(
                client=True, initial_values={h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: window})
        self.h2.initiate_connection()
        self.flush()
        self.headers: dict[int, dict] = {}
        self.data: dict[int, bytes] = {}
        self.ended: set[int] = set()
        self.reset: dict[int, int] = {}
        self.goaway = False
        self.closed = False
        self.pending = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def flush(self):
        data = self.h2.data_to_send()
        if data:
            self.socket.sendall(data)

    def open(self, path: str, *, end: bool = False, headers=(), method: str = "POST",
             content_type: str = "application/grpc") -> int:
        stream = self.h2.get_next_available_stream_id()
        self.h2.send_headers(stream, [(":method", method), (":scheme", "http"), (":path", path), (":authority", "test"),
                                      ("te", "trailers"), ("content-type", content_type), *headers], end_stream=end)
        self.flush()
        return stream

    def send(self, stream: int, data: bytes, *, end: bool = False) -> None:
        """All of it, waiting for the server's window where needed, or until the server has ended the stream."""
        if not data and end:
            self.h2.end_stream(stream)
        while data:
            if self.is_over(stream):
                return
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size, len(data))
            if room <= 0:  # below nothing where the server made its windows smaller
                self.receive()
                continue
            self.h2.send_data(stream, data[:room], end_stream=end and room == len(data))
            data = data[room:]
            self.flush()
        self.flush()

    def is_over(self, stream: int) -> bool:
        return stream in self.ended or stream in self.reset or self.goaway

    def cancel(self, stream: int) -> None:
        try:
            self.h2.reset_stream(stream, 8)
        except h2.exceptions.StreamClosedError:
            pass  # the server was quicker
        self.flush()

    def receive(self) -> None:
        """What comes next; TimeoutError where nothing comes for so long."""
        data = self.socket.recv(1 << 20)
        if not data:
            self.closed = True
            raise ConnectionError("the server closed the connection")
        self.pending += data
        # Frame by frame: the library gives up a whole piece where one of its frames is of a stream that has ended.
        while not self.goaway and len(self.pending) >= 9 + int.from_bytes(self.pending[:3], "big"):
            size = 9 + int.from_bytes(self.pending[:3], "big")
            frame, self.pending = self.pending[:size], self.pending[size:]
            try:
                self.take(self.h2.receive_data(frame))
            except h2.exceptions.StreamClosedError:
                self.goaway = True  # gRPC refuses metadata twice, and the library gives up the connection then
        self.flush()

    def take(self, events) -> None:
        for event in events:
            if isinstance(event, (h2.events.ResponseReceived, h2.events.TrailersReceived)):
                self.headers.setdefault(event.stream_id, {}).update(dict(event.headers))
            elif isinstance(event, h2.events.DataReceived):
                self.data[event.stream_id] = self.data.get(event.stream_id, b"") + event.data
                if self.greedy and event.flow_controlled_length:
                    try:
                        self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                    except h2.exceptions.StreamClosedError:
                        pass  # it was the last of that stream
            elif isinstance(event, h2.events.StreamEnded):
                self.ended.add(event.stream_id)
            elif isinstance(event, h2.events.StreamReset):
                self.reset[event.stream_id] = event.error_code
            elif isinstance(event, h2.events.ConnectionTerminated):
                self.goaway = True

    def finish(self, stream: int, seconds: float = 30) -> int | None:
        """The gRPC status that the stream ends with; None where it was reset or refused without one."""
        deadline = time.monotonic() + seconds
        while not self.is_over(stream):
            assert time.monotonic() < deadline, f"stream {stream} did not end"
            self.receive()
        status = self.headers.get(stream, {}).get("grpc-status")
        return None if status is None else int(status)

    def messages(self, stream: int) -> list[bytes]:
        data, found = self.data.get(stream, b""), []
        while len(data) >= 5:
            length = struct.unpack(">I", data[1:5])[0]
            if len(data) < 5 + length:
                break
            found.append(data[5:5 + length])
            data = data[5 + length:]
        return found
