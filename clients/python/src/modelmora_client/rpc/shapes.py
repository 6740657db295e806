"""Messages ↔ plain values, by their descriptors: enums as REST spells them, times as RFC 3339, structs as dicts."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf import json_format, struct_pb2, timestamp_pb2
from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message


def fill(message: Message, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        field = message.DESCRIPTOR.fields_by_name[name]
        if field.message_type is None:
            if _is_repeated(field):
                getattr(message, name).extend(value)
            else:
                setattr(message, name, _number(field.enum_type, value) if field.enum_type else value)
        elif _is_repeated(field) and not _is_map(field):
            for item in value:
                fill(getattr(message, name).add(), item)
        elif isinstance(getattr(message, name), struct_pb2.Struct):
            json_format.ParseDict(dict(value), getattr(message, name))
        elif name == "input_data":
            fill_input(getattr(message, name), value)
        else:
            getattr(message, name).SetInParent()
            fill(getattr(message, name), value)


def fill_input(data: Any, values: Mapping[str, Any]) -> None:
    """REST's input_data: one of text, token_ids, image, text_pairs, query with documents; the rest is the task's own."""
    data.SetInParent()
    rest = {}
    for name, value in values.items():
        if name == "text" and isinstance(value, str):
            data.text = value
        elif name == "text":
            data.text_batch.SetInParent()
            data.text_batch.texts.extend(value)
        elif name == "token_ids":
            sequences = [value] if value and isinstance(value[0], int) else value
            for ids in sequences:
                data.token_batch.sequences.add(ids=ids)
        elif name == "text_pairs":
            for first, second in value:
                data.text_pairs.pairs.add(first=first, second=second)
        elif name == "query":
            data.query_documents.query = value
        elif name == "documents":
            data.query_documents.documents.extend(value)
        elif name == "image" and isinstance(value, bytes):
            data.image = value
        elif name == "image":
            data.image_batch.images.extend(value)
        else:
            rest[name] = value
    if rest:
        json_format.ParseDict(rest, data.custom_data)


def plain(message: Message) -> dict[str, Any]:
    """Every field that is set; of those without presence the defaults too, apart from empty texts and unnamed enums."""
    values: dict[str, Any] = {}
    for field in message.DESCRIPTOR.fields:
        value = getattr(message, field.name)
        if _is_map(field):
            values[field.name] = dict(value)
        elif _is_repeated(field):
            values[field.name] = list(value) if field.message_type is None else [plain(one) for one in value]
        elif field.has_presence and not message.HasField(field.name):
            continue
        elif field.message_type is not None:
            values[field.name] = _message(value)
        elif field.enum_type is not None:
            if value:
                values[field.name] = _name(field.enum_type, value)
        elif value != "":
            values[field.name] = value
    return values


def _message(value: Message) -> Any:
    if isinstance(value, (struct_pb2.Struct, timestamp_pb2.Timestamp)):
        return json_format.MessageToDict(value)
    if value.DESCRIPTOR.full_name == "modelmora.v1.Error":
        return error_in_rest(plain(value))
    return plain(value)


def error_in_rest(error: Mapping[str, Any]) -> dict[str, Any]:
    renamed = {"error_code": error.get("code", ""), "message": error.get("message", ""),
               "details": error.get("facts") or error.get("details") or {}}
    return {**renamed, **{name: error[name] for name in ("trace_id", "validation_errors") if error.get(name)}}


def _prefix(enum: EnumDescriptor) -> str:
    return str(enum.values[0].name)[: -len("UNSPECIFIED")]


def _name(enum: EnumDescriptor, number: int) -> str:
    # Of several names for one number the first counts.
    name = next((v.name for v in enum.values if v.number == number), None)
    return str(number) if name is None else str(name[len(_prefix(enum)):]).lower()


def _number(enum: EnumDescriptor, name: str) -> int:
    value = enum.values_by_name.get(_prefix(enum) + name.upper())
    if value is None:
        known = ", ".join(v.name[len(_prefix(enum)):].lower() for v in enum.values[1:])
        raise ValueError(f"'{name}' is not one of {known}")
    return int(value.number)


def _is_repeated(field: FieldDescriptor) -> bool:
    return bool(field.is_repeated) if hasattr(field, "is_repeated") else field.label == FieldDescriptor.LABEL_REPEATED


def _is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.GetOptions().map_entry
