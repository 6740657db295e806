"""The services by name, so that a call is (request class, answer class, path)."""
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from google.protobuf import message_factory
from google.protobuf.message import Message
from modelmora.v1 import inference_pb2, jobs_pb2, management_pb2, registry_pb2, settings_pb2

_FILES = {"InferenceService": inference_pb2, "JobService": jobs_pb2, "ManagementService": management_pb2,
          "RegistryService": registry_pb2, "SettingsService": settings_pb2}


@dataclass(frozen=True)
class Method:
    path: str
    request: type[Message]
    answer: Any  # a class of messages


@lru_cache(maxsize=None)
def method(rpc: str) -> Method:
    """`rpc` is such as "RegistryService.GetModel"."""
    service, _, name = rpc.partition(".")
    described = _FILES[service].DESCRIPTOR.services_by_name[service].methods_by_name[name]
    return Method(f"/modelmora.v1.{service}/{name}", message_factory.GetMessageClass(described.input_type),
                  message_factory.GetMessageClass(described.output_type))
