"""Results of models."""
from __future__ import annotations

import base64
import sys
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Optional, Union, overload

from .common import Answer

if TYPE_CHECKING:
    import numpy
    import numpy.typing


class Vector(Sequence[float]):
    """One embedding, packed: float32, 4 bytes a number. Reads like a list; `numpy()` copies nothing."""

    __slots__ = ("_data",)

    def __init__(self, data: Union[bytes, memoryview]) -> None:
        self._data = memoryview(data)

    @overload
    def __getitem__(self, index: int) -> float: ...
    @overload
    def __getitem__(self, index: slice) -> list[float]: ...
    def __getitem__(self, index: Union[int, slice]) -> Union[float, list[float]]:
        values = _floats(self._data)
        return list(values[index]) if isinstance(index, slice) else values[index]

    def __len__(self) -> int:
        return len(self._data) // 4

    def __iter__(self) -> Iterator[float]:
        return iter(_floats(self._data))

    def __eq__(self, other: object) -> bool:
        return list(self) == list(other) if isinstance(other, (Vector, list, tuple)) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        shown = ", ".join(f"{value:.4g}" for value in self[:4])
        return f"Vector([{shown}{', …' if len(self) > 4 else ''}], {len(self)} numbers)"

    def numpy(self) -> "numpy.typing.NDArray[numpy.float32]":
        return _numpy(self._data)


class Vectors(Sequence[Vector]):
    """Embeddings of equal length. Reads like a list of vectors; `numpy()` is the matrix."""

    __slots__ = ("_data", "_rows", "_bytes")

    def __init__(self, data: bytes, rows: int) -> None:
        if rows < 0 or (rows and len(data) % (rows * 4)) or (not rows and data):
            raise ValueError(f"{len(data)} bytes are no {rows} vectors of equal length")
        self._data = memoryview(data)
        self._rows = rows
        self._bytes = len(data) // rows if rows else 0

    @property
    def dimension(self) -> int:
        return self._bytes // 4

    @overload
    def __getitem__(self, index: int) -> Vector: ...
    @overload
    def __getitem__(self, index: slice) -> list[Vector]: ...
    def __getitem__(self, index: Union[int, slice]) -> Union[Vector, list[Vector]]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._rows))]
        at = index + self._rows if index < 0 else index
        if not 0 <= at < self._rows:
            raise IndexError("there is no such vector")
        return Vector(self._data[at * self._bytes:(at + 1) * self._bytes])

    def __len__(self) -> int:
        return self._rows

    def __repr__(self) -> str:
        return f"Vectors({self._rows} of {self.dimension} numbers)"

    def numpy(self) -> "numpy.typing.NDArray[numpy.float32]":
        return _numpy(self._data).reshape(self._rows, self.dimension)


def _floats(data: memoryview) -> Sequence[float]:
    if sys.byteorder == "little":
        return data.cast("f")
    swapped = array("f", data.tobytes())
    swapped.byteswap()
    return swapped


def _numpy(data: memoryview) -> "numpy.typing.NDArray[numpy.float32]":
    try:
        import numpy
    except ImportError:
        raise ImportError("numpy is not installed; pip install 'modelmora-client[numpy]', or read the vector as a list") from None
    return numpy.frombuffer(data, dtype="<f4")


@dataclass(frozen=True)
class LabelScore(Answer):
    label: str = ""
    score: float = 0.0


#: Labels, the likeliest first.
Classification = Sequence[LabelScore]


@dataclass(frozen=True)
class OutputData(Answer):
    """What the model made; which of these there is depends on its task and on the form of the input."""

    #: Of a single input.
    embedding: Optional[Vector] = None
    #: Of a list of inputs, in their order.
    embeddings: Optional[Vectors] = None
    scores: Optional[Sequence[float]] = None
    classifications: Optional[Sequence[Classification]] = None
    text: Optional[str] = None
    image_url: Optional[str] = None
    image: Optional[bytes] = field(default=None, repr=False)

    @classmethod
    def read(cls, data: Any) -> OutputData:
        if not isinstance(data, Mapping):
            raise ValueError("expected an object for the output of a model")
        one, many, image = data.get("embedding"), data.get("embeddings"), data.get("image_base64")
        labels = data.get("classifications")
        return cls(
            raw=data,
            embedding=None if one is None else Vector(_packed(one)),
            embeddings=None if many is None else Vectors(b"".join(map(_packed, many)), len(many)),
            scores=data.get("scores"),
            classifications=None if labels is None else [[LabelScore.read(entry) for entry in one] for one in labels],
            text=data.get("text"), image_url=data.get("image_url"),
            image=None if image is None else base64.b64decode(image))


def _packed(vector: Any) -> bytes:
    if isinstance(vector, str):
        return base64.b64decode(vector)
    if isinstance(vector, (bytes, bytearray)):
        return bytes(vector)
    packed = array("f", vector)
    if sys.byteorder != "little":
        packed.byteswap()
    return packed.tobytes()


@dataclass(frozen=True)
class InferenceMetadata(Answer):
    """Where the time went; the stages add up to the total."""

    inference_time_ms: float = 0.0
    total_time_ms: float = 0.0
    batch_size: int = 0
    device: str = ""
    timestamp: Optional[datetime] = None
    queue_ms: float = 0.0
    load_ms: float = 0.0
    batch_wait_ms: float = 0.0
    tokenize_ms: float = 0.0
    compute_ms: float = 0.0
    send_ms: float = 0.0
    input_tokens: int = 0
    dtype: str = ""
    model_version: str = ""
    request_id: str = ""
    truncated_inputs: int = 0


@dataclass(frozen=True)
class InferenceResult(Answer):
    model_id: str = ""
    output_data: OutputData = field(default_factory=OutputData)
    metadata: InferenceMetadata = field(default_factory=InferenceMetadata)
