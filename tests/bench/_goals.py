"""Figures with their limits: printed as they come, kept as JSON, and counted where they are missed."""
import json
import operator
import os
import platform

from _places import RESULTS

_RELATIONS = {"<=": operator.le, ">=": operator.ge}


class Goals:
    def __init__(self, name):
        self.name = name
        self.rows = []
        self.extra = {}

    def check(self, what, value, unit, relation, limit):
        """One figure; `relation` is <= or >=. Returns whether the limit is met."""
        met = _RELATIONS[relation](value, limit)
        self.rows.append({"what": what, "value": value, "unit": unit, "relation": relation, "limit": limit, "met": met})
        print(f"{what:66} {value:10.2f} {unit:5} goal {relation} {limit:g} {'met' if met else 'MISSED'}", flush=True)
        return met

    def note(self, what, value, unit):
        """A figure without a limit."""
        self.rows.append({"what": what, "value": value, "unit": unit})
        print(f"{what:66} {value:10.2f} {unit}", flush=True)

    @property
    def missed(self):
        return sum(not row.get("met", True) for row in self.rows)

    def finish(self):
        """Writes the JSON and says where; the exit status of the benchmark."""
        RESULTS.mkdir(parents=True, exist_ok=True)
        target = RESULTS / f"{self.name}.json"
        machine = {"processors": os.cpu_count(), "processor": _processor(), "system": platform.release(),
                   "load_average": os.getloadavg()[0]}
        target.write_text(json.dumps({"benchmark": self.name, "machine": machine, "goals": self.rows, **self.extra},
                                     indent=2) + "\n")
        goals = sum("limit" in row for row in self.rows)
        print(f"\n{goals - self.missed} of {goals} goals met; figures in {target.name} beside the build")
        return 1 if self.missed else 0


def _processor():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        names = [line.split(":", 1)[1].strip() for line in info if line.startswith("model name")]
    return names[0] if names else platform.machine()


def table(header, rows):
    """A Markdown table; numbers are rounded as their size asks."""
    print("| " + " | ".join(header) + " |")
    print("|---" * len(header) + "|")
    for row in rows:
        print("| " + " | ".join(_cell(value) for value in row) + " |", flush=True)


def _cell(value):
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2f}"
    return str(value)
