"""Models as the registry knows them."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Optional

from .common import Answer


@dataclass(frozen=True)
class ResourceRequirements(Answer):
    """Declared needs; 0 is not declared."""

    memory_mb: int = 0
    gpu_vram_mb: int = 0
    cpu_threads: int = 0


@dataclass(frozen=True)
class ModelFile(Answer):
    path: str = ""
    bytes: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class Model(Answer):
    """A model as one of its versions."""

    model_id: str = ""
    version: str = ""
    task_type: str = ""
    display_name: str = ""
    description: str = ""
    #: registered, downloading, ready or failed
    status: str = ""
    status_message: str = ""
    resource_requirements: Optional[ResourceRequirements] = None
    config: Mapping[str, Any] = field(default_factory=dict)
    created_at: Optional[datetime] = None
    updated_at: Optional[datetime] = None
    #: Counts every change; sent back with one it guards against a lost one.
    revision: int = 0
    source_url: str = ""
    checksum: str = ""
    tags: Sequence[str] = ()
    #: Whether the id alone means this version.
    current: bool = False
    deprecated: bool = False
    deprecation_reason: str = ""
    architecture: str = ""
    files: Sequence[ModelFile] = ()
    total_bytes: int = 0
