"""A reader of server-sent events, as a browser's EventSource is one: parses the stream strictly and can come back."""
import http.client
import json
import socket
from urllib.parse import urlencode


class Event:
    def __init__(self, identifier, name, data):
        self.id = identifier
        self.type = name
        self.data = data

    def __repr__(self):
        return f"{self.id} {self.type} {self.data}"


class EventReader:
    """EventReader(engine, types="model"): iterates over events; comments and retry are kept aside."""

    def __init__(self, engine, last_event_id: int | None = None, timeout: float = 60, headers: dict | None = None, **query):
        host, port = engine.rest.rsplit(":", 1)
        self._connection = http.client.HTTPConnection(host, int(port), timeout=timeout)
        wanted = {"Accept": "text/event-stream", **(headers or {})}
        if last_event_id is not None:
            wanted["Last-Event-ID"] = str(last_event_id)
        self._connection.request("GET", "/api/v1/events" + ("?" + urlencode(query) if query else ""), headers=wanted)
        self.response = self._connection.getresponse()
        self.status = self.response.status
        self.comments = 0
        self.retry = None
        self.last_id = last_event_id

    def body(self):
        return json.loads(self.response.read())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._connection.close()

    def __iter__(self):
        return self

    def __next__(self) -> Event:
        fields = {}
        while True:
            try:
                line = self.response.readline()
            except (socket.timeout, TimeoutError) as error:
                raise AssertionError("no event came in time") from error
            if not line:
                raise StopIteration
            assert line.endswith(b"\n"), f"the stream ended within a line: {line!r}"
            line = line[:-1].decode()
            if line == "":
                if "data" not in fields:
                    fields = {}
                    continue
                if "id" in fields:
                    self.last_id = int(fields["id"])
                return Event(int(fields["id"]) if "id" in fields else None, fields.get("event", "message"),
                             json.loads(fields["data"]))
            if line.startswith(":"):
                self.comments += 1
                continue
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            assert name in ("id", "event", "data", "retry"), f"not a field of an event stream: {line!r}"
            assert name not in fields, f"{name} twice in one event"
            if name == "retry":
                self.retry = int(value)
            else:
                fields[name] = value

    def until(self, type_: str) -> list[Event]:
        """Everything up to the first event of that type, which is the last of the list."""
        events = []
        for event in self:
            events.append(event)
            if event.type == type_:
                return events
        raise AssertionError(f"the stream ended before {type_}: {events}")
