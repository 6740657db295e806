"""What the engine tells, as values with types. Each keeps the whole answer in `raw`, fields of newer engines included."""
from .common import Answer, Page
from .events import Event
from .inference import Classification, InferenceMetadata, InferenceResult, LabelScore, OutputData, Vector, Vectors
from .jobs import CancelledJob, JobReference, JobStatus, Webhook
from .lifecycle import (DeviceLedger, DeviceNeed, HealthStatus, InstanceStatus, LedgerEntry, LoadPlan, LoadStage,
                        MemoryEstimate, MemoryLedger, ModelStatus, PlannedEviction, PlannedStay, Unloaded, Warmup)
from .queue import ClientShare, ModelQueue, QueueDepth, QueueEntry, QueueReport
from .registry import Model, ModelFile, ResourceRequirements
from .settings import Setting
from .system import GpuDevice, GpuStatus, MemoryStatus, Readiness, Resources, SystemStatus

__all__ = [
    "Answer", "CancelledJob", "Classification", "ClientShare", "DeviceLedger", "DeviceNeed", "Event", "GpuDevice",
    "GpuStatus", "HealthStatus", "InferenceMetadata", "InferenceResult", "InstanceStatus", "JobReference", "JobStatus",
    "LabelScore", "LedgerEntry", "LoadPlan", "LoadStage", "MemoryEstimate", "MemoryLedger", "MemoryStatus", "Model",
    "ModelFile", "ModelQueue", "ModelStatus", "OutputData", "Page", "PlannedEviction", "PlannedStay", "QueueDepth",
    "QueueEntry", "QueueReport", "Readiness", "ResourceRequirements", "Resources", "Setting", "SystemStatus", "Unloaded",
    "Vector", "Vectors", "Warmup", "Webhook",
]
