"""The rules about includes catch a planted violation, and let the allowed neighbours pass."""
from pathlib import Path

import pytest
from check_architecture import check


def plant(root: Path, files: dict[str, str]) -> dict:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return check(root)


@pytest.mark.parametrize("path, include, blamed", [
    ("engine/registry/catalogue.cpp", '"engine/lifecycle/model_slot.h"', "registry must not include lifecycle"),
    ("engine/inference/dispatcher.h", '"engine/registry/model_id.h"', "inference must not include registry"),
    ("engine/base/error.h", '"engine/ipc/frame.h"', "base must not include ipc"),
    ("engine/service/model_service.h", '"engine/rest/router.h"', "service must not include rest"),
    ("engine/rest/router.cpp", '"engine/grpc/grpc_server.h"', "rest must not include grpc"),
    ("engine/grpc/grpc_server.cpp", '"engine/app/engine.h"', "grpc must not include app"),
    ("worker/runtime/linear.cpp", '"engine/lifecycle/model_slot.h"', "worker must not include lifecycle"),
    ("worker/main.cpp", "<QCoreApplication>", "worker must not include Qt"),
    ("cli/main.cpp", '"engine/registry/model_id.h"', "cli must not include registry"),
    ("engine/lifecycle/model_slot.cpp", "<ATen/ATen.h>", "lifecycle must not include LibTorch"),
    ("engine/ipc/frame.cpp", "<torch/torch.h>", "ipc must not include LibTorch"),
    ("engine/lifecycle/model_slot.cpp", "<c10/core/Device.h>", "lifecycle must not include LibTorch"),
    ("engine/service/model_service.cpp", "<grpcpp/grpcpp.h>", "service must not include gRPC"),
    ("engine/app/engine.cpp", "<QHttpServer>", "app must not include Qt HTTP"),
    ("engine/lifecycle/ports.h", "<QSqlDatabase>", "lifecycle must not include Qt SQL"),
    ("engine/lifecycle/ports.h", '"engine/store/database.h"', "lifecycle must not include store"),
    ("engine/store/database.h", '"engine/registry/ports.h"', "store must not include registry"),
    ("engine/files/strict_json.h", '"engine/ipc/frame.h"', "files must not include ipc"),
    ("engine/registry/catalogue.h", '"engine/files/strict_json.h"', "registry must not include files"),
    ("engine/rest/router.cpp", '"engine/store/database.h"', "rest must not include store"),
    ("engine/registry/catalogue.h", '"modelmora/v1/registry.grpc.pb.h"', "registry must not include gRPC services"),
    ("engine/rest/router.cpp", '"tests/support/fake.h"', "the product must not include tests"),
    ("engine/base/error.cpp", '"error.h"', "not a path from the repository root"),
])
def test_forbidden_include_is_reported_at_its_line(tmp_path, path, include, blamed):
    broken = plant(tmp_path, {path: f"#pragma once\n#include {include}\n"})["include direction"]
    assert [(v.path, v.line) for v in broken] == [(path, 2)]
    assert blamed in broken[0].message


def test_includes_along_the_direction_pass(tmp_path):
    results = plant(tmp_path, {
        "engine/base/error.h": "#include <string>\n",
        "engine/ipc/frame.h": '#include "engine/base/error.h"\n#include "modelmora/worker/v1/worker.pb.h"\n',
        "engine/store/database.h": '#include "engine/base/error.h"\n#include <QSqlDatabase>\n',
        "engine/registry/ports.h": '#include "engine/base/error.h"\n#include "engine/store/database.h"\n',
        "engine/inference/jobs/rows.cpp": '#include "engine/store/database.h"\n#include <QSqlQuery>\n',
        "engine/service/model_service.h": '#include "engine/registry/ports.h"\n',
        "engine/grpc/registry_rpc.h": '#include "modelmora/v1/registry.grpc.pb.h"\n#include <grpcpp/grpcpp.h>\n',
        "engine/app/engine.h": '#include "engine/grpc/registry_rpc.h"\n#include "engine/service/model_service.h"\n',
        "engine/main.cpp": '#include "engine/app/engine.h"\n',
        "worker/main.cpp": '#include "engine/ipc/frame.h"\n#include <ATen/ATen.h>\n',
        "tests/unit/worker/test_linear.cpp": '#include <ATen/ATen.h>\n#include "test_linear.moc"\n',
    })
    assert not any(results.values()), results


def test_file_cycle_is_reported_with_its_members(tmp_path):
    broken = plant(tmp_path, {
        "engine/base/a.h": '#include "engine/base/b.h"\n',
        "engine/base/b.h": '#include "engine/base/c.h"\n',
        "engine/base/c.h": '#include "engine/base/a.h"\n',
        "engine/base/d.h": '#include "engine/base/a.h"\n',
    })["include cycles"]
    assert len(broken) == 1
    assert "engine/base/a.h, engine/base/b.h, engine/base/c.h" in broken[0].message


def test_folder_cycle_without_a_file_cycle_is_reported(tmp_path):
    broken = plant(tmp_path, {
        "engine/registry/store/a.h": '#include "engine/registry/files/b.h"\n',
        "engine/registry/files/b.h": "",
        "engine/registry/files/c.h": '#include "engine/registry/store/d.h"\n',
        "engine/registry/store/d.h": "",
    })["include cycles"]
    assert [v.message for v in broken] == [
        "folders include each other: engine/registry/files, engine/registry/store"]


def test_a_context_and_its_own_subfolder_may_know_each_other(tmp_path):
    results = plant(tmp_path, {
        "engine/registry/catalogue.cpp": '#include "engine/registry/store/store.h"\n',
        "engine/registry/store/store.h": '#include "engine/registry/model_id.h"\n',
        "engine/registry/model_id.h": "",
    })
    assert not results["include cycles"]
