"""Which models there are."""
from __future__ import annotations

import os
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Optional, Union

from ..retry import Repeat
from ..types import Model, Page
from ..types.common import read_page
from .operation import LONG_SECONDS, Operation, given, listed, nothing, part


def _models(data: Any) -> Page[Model]:
    return read_page(Model, data)


def _versions(data: Any) -> Sequence[Model]:
    return [Model.read(item) for item in data["data"]]


def register_model(model_id: str, task_type: str, version: str, path: Union[str, "os.PathLike[str]", None], source_url: str,
                   display_name: str, description: str, resource_requirements: Optional[Mapping[str, int]],
                   config: Optional[Mapping[str, Any]], tags: Sequence[str], checksum: str) -> Operation[Model]:
    if path is not None:
        source_url = Path(path).resolve().as_uri()
    fields = given(model_id=model_id, task_type=task_type, version=version, source_url=source_url,
                   display_name=display_name, description=description, resource_requirements=resource_requirements,
                   config=config, tags=list(tags) or None, checksum=checksum)
    # The key makes REST do it once however often it is asked; gRPC has none.
    return Operation("POST", "/models", Model.read, "RegistryService.RegisterModel", fields, body=fields,
                     headers={"Idempotency-Key": uuid.uuid4().hex}, repeat=Repeat.UNSENT, timeout=LONG_SECONDS)


def list_models(task_type: str, status: str, tag: str, search: str, page: int, page_size: int) -> Operation[Page[Model]]:
    fields = given(task_type=task_type, status=status, tag=tag, search=search)
    pages = {"page": page, "page_size": page_size}
    return Operation("GET", "/models", _models, "RegistryService.ListModels", {**fields, "pagination": pages},
                     listed("models"), query={**fields, **pages})


def get_model(model_id: str) -> Operation[Model]:
    return Operation("GET", f"/models/{part(model_id)}", Model.read, "RegistryService.GetModel", {"model_id": model_id})


def update_model(model_id: str, display_name: Optional[str], description: Optional[str],
                 config: Optional[Mapping[str, Any]], resource_requirements: Optional[Mapping[str, int]],
                 tags: Optional[Sequence[str]], expected_revision: int) -> Operation[Model]:
    changes = {"display_name": display_name, "description": description, "config": config,
               "resource_requirements": resource_requirements, "expected_revision": expected_revision or None}
    fields: dict[str, Any] = {name: value for name, value in changes.items() if value is not None}
    message: dict[str, Any] = {"model_id": model_id, **fields}
    if tags is not None:
        fields["tags"] = list(tags)
        message["tags"] = {"tags": list(tags)}
    return Operation("PATCH", f"/models/{part(model_id)}", Model.read, "RegistryService.UpdateModel", message, body=fields,
                     repeat=Repeat.UNSENT if expected_revision else Repeat.SAFE)


def delete_model(model_id: str, force: bool, expected_revision: int) -> Operation[None]:
    query = given(force="true" if force else None, expected_revision=expected_revision or None)
    message = given(model_id=model_id, force=force or None, expected_revision=expected_revision or None)
    return Operation("DELETE", f"/models/{part(model_id)}", nothing, "RegistryService.DeleteModel", message, query=query,
                     repeat=Repeat.UNSENT, timeout=LONG_SECONDS)


def list_versions(model_id: str) -> Operation[Sequence[Model]]:
    return Operation("GET", f"/models/{part(model_id)}/versions", _versions, "RegistryService.ListVersions",
                     {"model_id": model_id}, listed("versions"))


def promote_version(model_id: str, version: str, expected_revision: int) -> Operation[Model]:
    body = given(expected_revision=expected_revision or None)
    return Operation("POST", f"/models/{part(model_id)}/versions/{part(version)}/promote", Model.read,
                     "RegistryService.PromoteVersion", {"model_id": model_id, "version": version, **body}, body=body,
                     repeat=Repeat.UNSENT)


def deprecate_version(model_id: str, version: str, reason: str, expected_revision: int) -> Operation[Model]:
    body = given(reason=reason, expected_revision=expected_revision or None)
    return Operation("POST", f"/models/{part(model_id)}/versions/{part(version)}/deprecate", Model.read,
                     "RegistryService.DeprecateVersion", {"model_id": model_id, "version": version, **body}, body=body,
                     repeat=Repeat.UNSENT)


def delete_version(model_id: str, version: str, expected_revision: int) -> Operation[None]:
    query = given(expected_revision=expected_revision or None)
    return Operation("DELETE", f"/models/{part(model_id)}/versions/{part(version)}", nothing,
                     "RegistryService.DeleteVersion", {"model_id": model_id, "version": version, **query}, query=query,
                     repeat=Repeat.UNSENT)
