"""A REST client without opinions: one connection a call, the answer as status, text and JSON."""
import http.client
import json


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


def call(engine, method, path, body=None, *, raw=None, headers=None, timeout=120):
    connection = http.client.HTTPConnection(engine.rest, timeout=timeout)
    payload = raw if raw is not None else None if body is None else json.dumps(body).encode()
    try:
        connection.request(method, path, payload, {"Content-Type": "application/json", **(headers or {})})
        return Answer(connection.getresponse())
    finally:
        connection.close()
