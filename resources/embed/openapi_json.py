#!/usr/bin/env python3
"""Convert docs/openapi.yaml into the JSON that the engine serves: anchors expanded, fragments (x-…) left out, and the
parameters of a path given to each of its operations, since Swagger UI shows those it shares by reference without a name.

usage: openapi_json.py openapi.yaml openapi.json
"""
import json
import sys
from pathlib import Path

import yaml


class _Loader(yaml.SafeLoader):
    """Refuses what a slip makes: a key that is there twice, and a key without a value."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict:
    own = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
    for key in own:
        if own.count(key) > 1:
            raise yaml.constructor.ConstructorError(None, None, f"'{key}' is there twice", node.start_mark)
    loader.flatten_mapping(node)
    found = loader.construct_mapping(node, deep=True)
    for key, value in found.items():
        if value is None or not isinstance(key, str):
            raise yaml.constructor.ConstructorError(None, None, f"'{key}' has no value or is no text", node.start_mark)
    return found


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
# Times in examples stay the text that they are.
_Loader.yaml_implicit_resolvers = {first: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
                                   for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()}


_METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


def share_parameters(paths: dict) -> dict:
    """The same paths with the parameters of each at its operations, before their own."""
    shared = {}
    for path, item in paths.items():
        common = item.get("parameters", [])
        shared[path] = {key: {**value, "parameters": common + value.get("parameters", [])}
                        if key in _METHODS and common else value
                        for key, value in item.items() if key != "parameters"}
    return shared


def read_document(path: Path) -> dict:
    document = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    kept = {key: value for key, value in document.items() if not key.startswith("x-")}
    return {**kept, "paths": share_parameters(kept["paths"])}


def main() -> None:
    source, target = map(Path, sys.argv[1:3])
    target.write_text(json.dumps(read_document(source), ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except (yaml.YAMLError, OSError) as error:
        sys.exit(f"error: {error}")
