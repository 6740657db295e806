"""The public gRPC API as Python modules, generated from protos/ into a folder of the test run."""
import importlib
import sys
from pathlib import Path
from types import SimpleNamespace

NAMES = ("common", "events", "inference", "registry", "management", "access", "observability")


def generate(protos: Path, folder: Path) -> SimpleNamespace:
    """Modules by name: `inference` holds the messages, `inference_grpc` the stub classes."""
    import grpc_tools
    from grpc_tools import protoc

    folder.mkdir(parents=True, exist_ok=True)
    well_known = Path(grpc_tools.__file__).parent / "_proto"
    files = [f"modelmora/v1/{name}.proto" for name in NAMES] + ["miraveja/model_inference.proto"]
    status = protoc.main(["protoc", f"-I{protos}", f"-I{well_known}", f"--python_out={folder}",
                          f"--grpc_python_out={folder}", *files])
    if status != 0:
        raise AssertionError(f"protoc could not compile {', '.join(files)}; its message is above")
    sys.path.insert(0, str(folder))
    modules = {}
    for name in NAMES:
        modules[name] = importlib.import_module(f"modelmora.v1.{name}_pb2")
        modules[f"{name}_grpc"] = importlib.import_module(f"modelmora.v1.{name}_pb2_grpc")
    modules["miraveja"] = importlib.import_module("miraveja.model_inference_pb2")
    modules["miraveja_grpc"] = importlib.import_module("miraveja.model_inference_pb2_grpc")
    return SimpleNamespace(**modules)
