"""A strict receiver of spans over OTLP/HTTP: reads them with the published definitions and refuses what breaks the rules."""
import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1 import trace_service_pb2


class OtlpReceiver:
    """Listens on a free port of loopback. `spans` are all that came; `problems` is what was wrong with them."""

    def __init__(self, status: int = 200):
        self.status = status
        self.spans: list = []
        self.resources: list[dict] = []
        self.problems: list[str] = []
        self.posts = 0
        self._changed = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = receiver._take(self.path, self.headers, body)
                self.send_response(receiver.status)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def _take(self, path, headers, body) -> bytes:
        with self._changed:
            self.posts += 1
            if path != "/v1/traces":
                self.problems.append(f"path {path}")
            if headers["Content-Type"] != "application/x-protobuf":
                self.problems.append(f"content type {headers['Content-Type']}")
            if headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            request = trace_service_pb2.ExportTraceServiceRequest()
            request.ParseFromString(body)
            self._check(request)
            if self.status == 200:
                for resource in request.resource_spans:
                    self.resources.append({a.key: a.value.string_value or a.value.int_value
                                           for a in resource.resource.attributes})
                    for scope in resource.scope_spans:
                        self.spans.extend(scope.spans)
            self._changed.notify_all()
        return trace_service_pb2.ExportTraceServiceResponse().SerializeToString()

    def _check(self, request) -> None:
        discarded = trace_service_pb2.ExportTraceServiceRequest()
        discarded.CopyFrom(request)
        discarded.DiscardUnknownFields()
        if discarded.SerializeToString() != request.SerializeToString():
            self.problems.append("fields that the published definitions do not have")
        for resource in request.resource_spans:
            names = [attribute.key for attribute in resource.resource.attributes]
            if "service.name" not in names:
                self.problems.append("no service.name")
            for scope in resource.scope_spans:
                for span in scope.spans:
                    self._check_span(span)

    def _check_span(self, span) -> None:
        if len(span.trace_id) != 16 or not any(span.trace_id):
            self.problems.append(f"trace id {span.trace_id!r}")
        if len(span.span_id) != 8 or not any(span.span_id):
            self.problems.append(f"span id {span.span_id!r}")
        if span.parent_span_id and len(span.parent_span_id) != 8:
            self.problems.append(f"parent {span.parent_span_id!r}")
        if not span.name or span.kind == 0:
            self.problems.append(f"name {span.name!r} or kind {span.kind}")
        if not 0 < span.start_time_unix_nano <= span.end_time_unix_nano:
            self.problems.append(f"{span.name}: times {span.start_time_unix_nano} {span.end_time_unix_nano}")
        if len({attribute.key for attribute in span.attributes}) != len(span.attributes):
            self.problems.append(f"{span.name}: an attribute twice")

    def wait_for(self, condition, seconds: float = 30) -> None:
        """Waits until condition(self) holds."""
        with self._changed:
            assert self._changed.wait_for(lambda: condition(self), seconds), (self.posts, self.problems, len(self.spans))
