"""The OpenAPI document as tests use it: its operations, their examples, and whether an answer is as it says.

Answers are held to their schemas more strictly than a client would: a property that is not described is wrong, unless
the schema says that further ones may come.
"""
import copy
import json
from dataclasses import dataclass

import jsonschema_rs

METHODS = ("get", "put", "post", "delete", "patch")


class Contradiction(AssertionError):
    """Document and server say different things."""


@dataclass
class Operation:
    id: str
    method: str
    path: str
    parameters: list[dict]
    body: dict | None
    responses: dict

    def of(self, place: str) -> dict[str, dict]:
        return {parameter["name"]: parameter for parameter in self.parameters if parameter["in"] == place}


def closed(schema):
    """The schema with nothing allowed that it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        result["additionalProperties"] = False
    return result


class ApiDocument:
    def __init__(self, document: dict):
        self.raw = document
        self._closed = closed(document["components"]["schemas"])

    def resolve(self, node):
        while isinstance(node, dict) and "$ref" in node:
            target = self.raw
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def operations(self) -> list[Operation]:
        return [self._operation(path, item, method) for path, item in self.raw["paths"].items()
                for method in METHODS if method in item]

    def _operation(self, path: str, item: dict, method: str) -> Operation:
        raw = item[method]
        parameters = [self.resolve(each) for each in item.get("parameters", []) + raw.get("parameters", [])]
        body = self.resolve(raw["requestBody"]) if "requestBody" in raw else None
        return Operation(raw["operationId"], method.upper(), path, parameters, body,
                         {status: self.resolve(answer) for status, answer in raw["responses"].items()})

    def problems(self, schema: dict, value, strictly: bool) -> list[str]:
        schemas = self._closed if strictly else self.raw["components"]["schemas"]
        whole = {**(closed(schema) if strictly else schema), "components": {"schemas": schemas}}
        validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return [f"at /{'/'.join(map(str, error.instance_path))}: {error.message}" for error in validator.iter_errors(value)]

    @staticmethod
    def examples(content: dict) -> dict[str, object]:
        """The examples of a media type, by name."""
        if "example" in content:
            return {"example": copy.deepcopy(content["example"])}
        return {name: copy.deepcopy(example["value"]) for name, example in content.get("examples", {}).items()}

    def check_answer(self, operation: Operation, status: int, headers, body: bytes) -> None:
        """Raises where the status, the type or the content of an answer is not what the document says."""
        where = f"{operation.method} {operation.path} answered {status}"
        described = operation.responses.get(str(status))
        if described is None:
            raise Contradiction(f"{where}, which is not described: {body[:300]!r}")
        for name, header in described.get("headers", {}).items():
            if self.resolve(header).get("required") and name.lower() not in {key.lower() for key in headers.keys()}:
                raise Contradiction(f"{where} without {name}")
        contents = described.get("content")
        if not contents:
            if body:
                raise Contradiction(f"{where} with a body, and none is described: {body[:300]!r}")
            return
        kind = headers.get("Content-Type", "")
        if kind not in contents:
            raise Contradiction(f"{where} as '{kind}', and described is {', '.join(contents)}")
        if kind == "application/json":
            problems = self.problems(contents[kind]["schema"], json.loads(body), strictly=True)
            if problems:
                raise Contradiction(f"{where}, but " + "; ".join(problems[:5]) + f"\n{body[:600]!r}")
