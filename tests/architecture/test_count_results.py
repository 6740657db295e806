"""The counts at the end of ./dev test are those of the reports, and never better than the exit status."""
from count_results import count_report


def counted(tmp_path, body: str, status: int) -> tuple[int, int]:
    path = tmp_path / "report.xml"
    path.write_text(f"<testsuite>{body}</testsuite>")
    return count_report(path, status)


QT = """<testcase name="unit/a" status="run"><system-out>
PASS   : TestA::initTestCase()
PASS   : TestA::adds()
PASS   : TestA::adds(two rows)
{extra}PASS   : TestA::cleanupTestCase()
Totals: 4 passed</system-out></testcase>"""


def test_qt_programs_count_by_function(tmp_path):
    assert counted(tmp_path, QT.format(extra=""), 0) == (2, 0)


def test_failing_qt_functions_are_counted(tmp_path):
    failing = QT.format(extra="FAIL!  : TestA::breaks() values differ\n").replace("</testcase>", "<failure/></testcase>")
    assert counted(tmp_path, failing, 8) == (2, 1)


def test_a_crash_after_passing_functions_is_a_failure(tmp_path):
    assert counted(tmp_path, QT.format(extra="").replace("</testcase>", "<failure/></testcase>"), 8) == (2, 1)


def test_pytest_cases_count_one_each_and_skips_not(tmp_path):
    body = "<testcase/><testcase><failure/></testcase><testcase><error/></testcase><testcase><skipped/></testcase>"
    assert counted(tmp_path, body, 1) == (1, 2)


def test_a_failed_run_without_a_report_is_a_failure(tmp_path):
    assert count_report(tmp_path / "absent.xml", 1) == (0, 1)
    assert counted(tmp_path, "<testcase/>", 2) == (1, 1)


def test_an_unreadable_report_is_a_failure(tmp_path):
    (tmp_path / "report.xml").write_text("<testsuite><testcase")
    assert count_report(tmp_path / "report.xml", 0) == (0, 1)
