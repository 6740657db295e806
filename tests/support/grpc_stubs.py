"""The gRPC API and the messages of the worker as Python modules, generated from protos/ once for each process.

All of them lie in one folder, the first on the path: `modelmora` is a package of several parts (the Python client brings
one of its own), and which part Python looks into must not depend on what a test has imported before.
"""
import functools
import importlib
import shutil
import sys
import tempfile
from atexit import register
from pathlib import Path
from types import SimpleNamespace

PROTOS = Path(__file__).resolve().parents[2] / "protos"
NAMES = ("common", "events", "inference", "jobs", "memory", "registry", "management", "access", "observability",
         "settings")


@functools.lru_cache(maxsize=None)
def stubs() -> SimpleNamespace:
    """Modules by name: `inference` holds the messages, `inference_grpc` the stub classes."""
    import grpc_tools
    from grpc_tools import protoc

    folder = tempfile.mkdtemp(prefix="modelmora-stubs-")
    register(shutil.rmtree, folder, ignore_errors=True)
    well_known = Path(grpc_tools.__file__).parent / "_proto"
    files = [f"modelmora/v1/{name}.proto" for name in NAMES]
    files += ["modelmora/worker/v1/worker.proto", "miraveja/model_inference.proto"]
    status = protoc.main(["protoc", f"-I{PROTOS}", f"-I{well_known}", f"--python_out={folder}",
                          f"--grpc_python_out={folder}", *files])
    if status != 0:
        raise AssertionError(f"protoc could not compile {', '.join(files)}; its message is above")
    sys.path.insert(0, folder)
    modules = {}
    for name in NAMES:
        modules[name] = importlib.import_module(f"modelmora.v1.{name}_pb2")
        modules[f"{name}_grpc"] = importlib.import_module(f"modelmora.v1.{name}_pb2_grpc")
    modules["worker"] = importlib.import_module("modelmora.worker.v1.worker_pb2")
    modules["miraveja"] = importlib.import_module("miraveja.model_inference_pb2")
    modules["miraveja_grpc"] = importlib.import_module("miraveja.model_inference_pb2_grpc")
    return SimpleNamespace(**modules)
