"""Who may include whom. The tables are the rules; the functions only apply them."""
import re

from sources import Include, Source, Violation

_CONTEXTS = ("registry", "lifecycle", "inference", "observability", "access")
_STORING_CONTEXTS = ("registry", "inference", "observability", "access")
_BELOW_SERVICE = {"base", "ipc", "protos", "events", *_CONTEXTS}
_FACE = _BELOW_SERVICE | {"service", "tls", "support"}

# room → the rooms it may include besides itself
ALLOWED = {
    "base": set(),
    "ipc": {"base", "protos", "worker protocol"},
    "store": {"base"},
    "events": {"base", "ipc", "protos"},
    "files": {"base"},
    "tls": {"base"},
    **{context: {"base", "ipc", "protos", "worker protocol"} for context in _CONTEXTS},
    # Its estimates read the headers of weight files, by the same parser as the worker.
    "lifecycle": {"base", "ipc", "protos", "worker protocol", "files"},
    # What keeps rows in the engine's database.
    **{context: {"base", "ipc", "protos", "worker protocol", "store"} for context in _STORING_CONTEXTS},
    # Tokens and keys of issuers are read as strictly as the files of models.
    "access": {"base", "ipc", "protos", "worker protocol", "store", "files"},
    "service": _BELOW_SERVICE,
    # What both faces make of a protocol that comes over either.
    "dialects": _FACE,
    "rest": _FACE | {"dialects"},
    "grpc": _FACE | {"dialects", "gRPC services", "Open Inference Protocol"},
    "app": _FACE | {"rest", "grpc", "gRPC services"},
    "engine main": {"base", "app"},
    "worker": {"base", "ipc", "protos", "worker protocol", "files"},
    # The one list of services for all clients.
    "client": {"protos", "gRPC services"},
    "cli": {"base", "ipc", "client", "protos", "gRPC services", "tls"},
    # A folder is looked at before it is registered: the headers of its weights, by the same parser as the worker's.
    "gui": {"base", "ipc", "client", "protos", "gRPC services", "tls", "files"},
    # The only part that knows the engine itself, to run one within the console.
    "gui main": {"base", "gui", "app", "tls"},
}

# folder or file → room; the longest match counts. Generated headers are rooms as well.
_ROOMS = {
    **{f"engine/{name}/": name for name in ("base", "ipc", "events", "store", "files", "tls", *_CONTEXTS, "service", "dialects", "rest", "grpc", "app")},
    "engine/main.cpp": "engine main",
    "engine/ipc/service_stubs.h": "client",
    "worker/": "worker",
    "cli/": "cli",
    "gui/": "gui",
    "gui/main.cpp": "gui main",
    "gui/embedded/": "gui main",
    "modelmora/v1/": "protos",
    "miraveja/": "protos",
    "google/rpc/": "protos",
    "modelmora/history/v1/": "protos",
    "opentelemetry/": "protos",
    "modelmora/worker/v1/": "worker protocol",
    "inference/": "Open Inference Protocol",
    "tests/": "tests",
}

# library → (what its headers look like, the rooms that may include them)
LIBRARIES = {
    "LibTorch": (re.compile(r"^(ATen|torch|c10|caffe2)/"), {"worker"}),
    "Qt": (re.compile(r"^Q[A-Z]\w*(/|$)"), set(ALLOWED) - {"worker"}),
    "Qt HTTP": (re.compile(r"^(QtHttpServer/|QHttpServer|QAbstractHttpServer)"), set()),  # see docs/architecture.md
    "Qt SQL": (re.compile(r"^(QtSql/|QSql)"), {"store", *_STORING_CONTEXTS}),
    "Prometheus": (re.compile(r"^prometheus/"), {"observability"}),
    "gRPC": (re.compile(r"^(grpc|grpcpp|grpc\+\+)/"), {"grpc", "client", "cli", "gui", "gui main", "app"}),
}


def room_of(path: str) -> str | None:
    if path.endswith(".grpc.pb.h"):
        return "gRPC services"
    matches = [prefix for prefix in _ROOMS if path.startswith(prefix)]
    return _ROOMS[max(matches, key=len)] if matches else None


def check_include(source: Source, include: Include, known: set[str]) -> str | None:
    room = room_of(source.path)
    if room in (None, "tests"):
        return None
    for library, (pattern, rooms) in LIBRARIES.items():
        if pattern.match(include.path) and room not in rooms:
            return f"{room} must not include {library} ({include.path}); only {', '.join(sorted(rooms))} may"
    target = room_of(include.path)
    if target == "tests":
        return f"the product must not include tests ({include.path})"
    if target is None or target == room:
        if include.quoted and target is None and include.path not in known and not include.path.endswith((".moc", ".pb.h")):
            return f"{include.path} is not a path from the repository root"
        return None
    if target not in ALLOWED[room]:
        allowed = ", ".join(sorted(ALLOWED[room])) or "nothing of the project"
        return f"{room} must not include {target} ({include.path}); it may include {allowed}"
    return None


def check_direction(sources: list[Source]) -> list[Violation]:
    known = {source.path for source in sources}
    found = []
    for source in sources:
        for include in source.includes:
            if message := check_include(source, include, known):
                found.append(Violation(source.path, include.line, message))
    return found


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The strongly connected parts with more than one member, or one that points to itself (Tarjan, iterative)."""
    index, low, stack, on_stack, found = {}, {}, [], set(), []
    for root in sorted(graph):
        if root in index:
            continue
        work = [(root, iter(sorted(graph[root])))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, children = work[-1]
            child = next(children, None)
            if child is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    part = []
                    while not part or part[-1] != node:
                        part.append(stack.pop())
                        on_stack.discard(part[-1])
                    if len(part) > 1 or node in graph[node]:
                        found.append(sorted(part))
            elif child not in index:
                index[child] = low[child] = len(index)
                stack.append(child)
                on_stack.add(child)
                work.append((child, iter(sorted(graph.get(child, ())))))
            elif child in on_stack:
                low[node] = min(low[node], index[child])
    return found


def _related(one: str, other: str) -> bool:
    """A folder and a folder inside it: a context's own headers and its parts may know each other, file by file."""
    return one == other or one.startswith(other + "/") or other.startswith(one + "/")


def check_cycles(sources: list[Source]) -> list[Violation]:
    by_path = {source.path: source for source in sources if source.is_cpp}
    files = {path: {i.path for i in source.includes if i.path in by_path} for path, source in by_path.items()}
    folders: dict[str, set[str]] = {}
    for path, targets in files.items():
        edges = folders.setdefault(by_path[path].folder, set())
        for target in targets:
            folder = by_path[target].folder
            folders.setdefault(folder, set())
            if not _related(by_path[path].folder, folder):
                edges.add(folder)
    found = [Violation(part[0], 1, "files include each other: " + ", ".join(part)) for part in cycles(files)]
    found += [Violation(part[0], 1, "folders include each other: " + ", ".join(part)) for part in cycles(folders)]
    return found
