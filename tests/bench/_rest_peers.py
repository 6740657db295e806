"""The peers of rest.py. Run as a program: `_rest_peers.py by-hand|batching:BACKEND MODEL CONVERTED THREADS PORT` serves
POST /embed {"inputs": TEXT} -> {"embedding": [...]} with FastAPI on uvloop.

- by-hand: what most people write first; a plain function around sentence-transformers in FastAPI's thread pool.
- batching: what a careful user writes; requests gather while the model computes and run together, up to 32, on one
  compute thread, over onnxruntime or OpenVINO; answers written by orjson.
"""
import asyncio
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.request

BATCH = 32


class Peer:
    """A server under comparison: how to start it, where and what to ask, and where its answer has the vector."""

    def __init__(self, name, command, path, body, vector, environment=None):
        self.name, self.command, self.path = name, command, path
        self.body, self.vector, self.environment = body, vector, environment or {}
        self.address = f"127.0.0.1:{command[-1]}"
        self.process = None

    def start(self, log):
        with open(log, "wb") as sink:
            self.process = subprocess.Popen([str(word) for word in self.command], stdout=sink, stderr=sink,
                                            env={**os.environ, **self.environment}, start_new_session=True)

    def wait(self, text, seconds=120):
        """Until it answers; false where it ends or does not come up."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                return bool(self.embed(text))
            except OSError:
                time.sleep(0.2)
        return False

    def embed(self, text):
        request = urllib.request.Request(f"http://{self.address}{self.path}", json.dumps(self.body(text)).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return self.vector(json.load(answer))

    def stop(self):
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(15)
        except ProcessLookupError:
            self.process.wait()
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def all_peers(deps, model, converted, threads, first_port):
    """Every peer that is installed."""
    def ours(name, kind, port):
        command = [sys.executable, __file__, kind, model, converted, threads, port]
        return Peer(name, command, "/embed", lambda text: {"inputs": text}, lambda answer: answer["embedding"])

    peers = [
        ours("FastAPI by hand", "by-hand", first_port),
        ours("FastAPI batching, onnxruntime", "batching:onnxruntime", first_port + 1),
        ours("FastAPI batching, OpenVINO", "batching:openvino:fp32", first_port + 2),
    ]
    infinity = pathlib.Path(deps) / "python-infinity/bin/infinity_emb"
    if infinity.exists():
        command = [infinity, "v2", "--model-id", model, "--served-model-name", "minilm", "--engine", "torch", "--device",
                   "cpu", "--dtype", "float32", "--no-bettertransformer", "--log-level", "warning", "--host", "127.0.0.1",
                   "--port", first_port + 3]
        environment = {"OMP_NUM_THREADS": str(threads), "DO_NOT_TRACK": "1", "INFINITY_ANONYMOUS_USAGE_STATS": "0",
                       "HF_HUB_OFFLINE": "1"}
        peers.append(Peer("Infinity", command, "/embeddings", lambda text: {"model": "minilm", "input": text},
                          lambda answer: answer["data"][0]["embedding"], environment))
    return peers


def by_hand(app, model, threads):
    import torch
    from pydantic import BaseModel
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    encoder = SentenceTransformer(str(model), device="cpu")

    class Inputs(BaseModel):
        inputs: str

    @app.post("/embed")
    def embed(request: Inputs):
        return {"embedding": encoder.encode(request.inputs, show_progress_bar=False, normalize_embeddings=True).tolist()}


def batching(app, run):
    from concurrent.futures import ThreadPoolExecutor

    import orjson
    from fastapi import Request, Response

    waiting, compute = [], ThreadPoolExecutor(1)
    state = {"busy": False}

    async def work():
        while waiting:
            batch = waiting[:BATCH]
            del waiting[:BATCH]
            try:
                vectors = await asyncio.get_running_loop().run_in_executor(compute, run, [text for text, _ in batch])
                for (_, future), vector in zip(batch, vectors):
                    future.set_result(vector)
            except Exception as error:  # pylint: disable=broad-except
                for _, future in batch:
                    future.set_exception(error)
        state["busy"] = False

    @app.post("/embed")
    async def embed(request: Request):
        text = orjson.loads(await request.body())["inputs"]
        future = asyncio.get_running_loop().create_future()
        waiting.append((text, future))
        if not state["busy"]:
            state["busy"] = True
            state["task"] = asyncio.ensure_future(work())
        vector = await future
        return Response(orjson.dumps({"embedding": vector}, option=orjson.OPT_SERIALIZE_NUMPY),
                        media_type="application/json")


def main():
    kind, model, converted, threads, port = sys.argv[1:]
    os.environ["OMP_NUM_THREADS"] = threads
    import uvicorn
    from fastapi import FastAPI

    app = FastAPI()
    if kind == "by-hand":
        by_hand(app, model, int(threads))
    else:
        from _embed_peers import create

        run = create(kind.partition(":")[2], pathlib.Path(model), pathlib.Path(converted), int(threads))
        batching(app, run)
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning", loop="uvloop", http="httptools")


if __name__ == "__main__":
    main()
