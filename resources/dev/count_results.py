#!/usr/bin/env python3
"""Count what a JUnit report of ctest or pytest says: prints "PASSED FAILED".

A Qt Test program counts by its test functions, not as one. A run that failed without any failure in its report (it
crashed, timed out, wrote none) counts as one failure: no number may look better than the exit status.
usage: count_results.py REPORT.xml EXIT_STATUS
"""
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

_QT_RESULT = re.compile(r"^(PASS   |FAIL!  |XPASS  ): \w+::(\w+)\(", re.MULTILINE)
_FRAME = {"initTestCase", "cleanupTestCase"}


def count_case(case: ElementTree.Element) -> tuple[int, int]:
    failed_case = (case.find("failure") is not None or case.find("error") is not None
                   or case.get("status") in ("fail", "disabled"))
    if case.find("skipped") is not None and not failed_case:
        return 0, 0
    output = case.findtext("system-out") or ""
    passed = failed = 0
    for verdict, function in _QT_RESULT.findall(output):
        if verdict.strip() in ("FAIL!", "XPASS"):
            failed += 1
        elif function not in _FRAME:
            passed += 1
    if passed + failed == 0:
        return (0, 1) if failed_case else (1, 0)
    return passed, max(failed, 1 if failed_case else 0)


def count_report(report: Path, exit_status: int) -> tuple[int, int]:
    passed = failed = 0
    if report.exists():
        try:
            for case in ElementTree.parse(report).getroot().iter("testcase"):
                case_passed, case_failed = count_case(case)
                passed += case_passed
                failed += case_failed
        except ElementTree.ParseError:
            failed += 1
    if exit_status != 0 and failed == 0:
        failed = 1
    return passed, failed


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    print(*count_report(Path(sys.argv[1]), int(sys.argv[2])))
