"""Drives a real modelmora-worker over a socket pair, as the engine does: frames of worker.proto, one at a time."""

import itertools
import os
import pathlib
import socket
import struct
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORKER = pathlib.Path(os.environ.get("MM_WORKER", ROOT / "build" / "bin" / "modelmora-worker"))


if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.support.grpc_stubs import stubs  # noqa: E402

common, inference, worker = stubs().common, stubs().inference, stubs().worker


class WorkerError(Exception):
    """A Failure that the worker answered with."""

    def __init__(self, failure):
        super().__init__(f"{failure.code}: {failure.message}")
        self.code = failure.code
        self.message = failure.message
        self.details = dict(failure.details)


class Worker:
    def __init__(self, program=WORKER, timeout=120):
        mine, theirs = socket.socketpair()
        mine.settimeout(timeout)
        self.socket = mine
        self.process = subprocess.Popen(
            [str(program), "--socket", str(theirs.fileno())], pass_fds=[theirs.fileno()], stderr=subprocess.PIPE
        )
        theirs.close()
        self.ids = itertools.count(1)
        self.progress = []
        self.hello = self.receive().hello

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stderr.close()

    # Raw frames.
    def send_bytes(self, payload):
        self.socket.sendall(struct.pack("<I", len(payload)) + payload)

    def send(self, **frame):
        self.send_bytes(worker.EngineFrame(**frame).SerializeToString())

    def _read(self, size):
        chunks = []
        while size > 0:
            chunk = self.socket.recv(min(size, 1 << 20))
            if not chunk:
                raise EOFError(f"the worker closed its socket and ended with {self.process.wait(10)}")
            chunks.append(chunk)
            size -= len(chunk)
        return b"".join(chunks)

    def receive(self):
        (size,) = struct.unpack("<I", self._read(4))
        return worker.WorkerFrame.FromString(self._read(size))

    # What the engine does with them.
    def load(self, path, task=None, threads=2, limit=0, **config):
        load = worker.Load(path=str(path), task_type=task or common.TASK_TYPE_TXT2EMBED, threads=threads,
                           memory_limit_bytes=limit)
        load.config.update(config)
        self.send(load=load)
        while True:
            frame = self.receive()
            kind = frame.WhichOneof("frame")
            if kind == "load_progress":
                self.progress.append((frame.load_progress.stage, frame.load_progress.done, frame.load_progress.total))
            elif kind == "load_failed":
                raise WorkerError(frame.load_failed)
            else:
                assert kind == "loaded", kind
                return frame.loaded

    def request(self, inputs, **parameters):
        request = inference.InferenceRequest()
        if isinstance(inputs, str):
            request.input_data.text = inputs
        elif inputs and not isinstance(inputs[0], str):
            for ids in inputs:
                request.input_data.token_batch.sequences.add(ids=ids)
        else:
            request.input_data.text_batch.SetInParent()
            request.input_data.text_batch.texts.extend(inputs)
        request.parameters.update(parameters)
        return request

    def start(self, request):
        number = next(self.ids)
        self.send(run=worker.Run(items=[worker.RunItem(id=number, request=request)]))
        return number

    def answer(self, number):
        output = self.receive().output
        assert output.id == number and output.last, output
        if output.HasField("error"):
            raise WorkerError(output.error)
        return output

    def run(self, inputs, **parameters):
        return self.answer(self.start(self.request(inputs, **parameters)))

    def embed(self, inputs, **parameters):
        """One list of numbers for a text, a list of them for a list."""
        data = self.run(inputs, **parameters).data
        if data.WhichOneof("data") == "embedding":
            return list(data.embedding.values)
        return [list(embedding.values) for embedding in data.embedding_batch.embeddings]

    def score(self, pairs, **parameters):
        """One number for each pair of texts."""
        return list(self._answer_pairs(pairs, parameters).scores.values)

    def rank(self, query, documents, **parameters):
        """One number for each document."""
        request = inference.InferenceRequest()
        request.input_data.query_documents.query = query
        request.input_data.query_documents.documents.extend(documents)
        request.parameters.update(parameters)
        return list(self.answer(self.start(request)).data.scores.values)

    def classify(self, inputs, **parameters):
        """A list of (label, score) for each text, the best first."""
        return self._labels(self.run(inputs, **parameters).data)

    def classify_pairs(self, pairs, **parameters):
        return self._labels(self._answer_pairs(pairs, parameters))

    def _answer_pairs(self, pairs, parameters):
        request = inference.InferenceRequest()
        for first, second in pairs:
            request.input_data.text_pairs.pairs.add(first=first, second=second)
        request.parameters.update(parameters)
        return self.answer(self.start(request)).data

    @staticmethod
    def _labels(data):
        return [[(entry.label, entry.score) for entry in row.labels] for row in data.classification_batch.classifications]

    def ping(self, nonce=7):
        self.send(ping=worker.Ping(nonce=nonce))
        pong = self.receive().pong
        assert pong.nonce == nonce
        return pong
