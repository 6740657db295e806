"""Sizes are measured as a reader would count them, and what is too large is named."""
from check_architecture import check, report
from function_sizes import cpp_functions, python_functions


def measured(text: str) -> list[tuple[str, int, int]]:
    return [(f.name, f.line, f.length) for f in cpp_functions(text)]


def test_functions_are_found_with_their_lines():
    assert measured(
        "namespace mm {\n"
        "class Slot {\n"
        "public:\n"
        "    int size() const noexcept { return m_size; }\n"
        "    void grow(int by);\n"
        "private:\n"
        "    int m_size{0};\n"
        "};\n"
        "void Slot::grow(int by)\n"
        "{\n"
        "    if (by > 0) {\n"
        "        m_size += by;\n"
        "    }\n"
        "}\n"
        "} // namespace mm\n") == [("size", 4, 1), ("Slot::grow", 9, 6)]


def test_member_initialisers_in_braces_belong_to_their_constructor():
    assert measured(
        "Slot::Slot(int size)\n"
        "    : m_size{size}\n"
        "    , m_names{\"a\", \"}\"}\n"
        "{\n"
        "    start();\n"
        "}\n"
        "Slot::~Slot() = default;\n") == [("Slot::Slot", 1, 6)]


def test_braces_in_literals_comments_and_macros_do_not_count():
    assert measured(
        "#define OPEN {\n"
        "int f()\n"
        "{\n"
        "    // }\n"
        "    /* } */\n"
        "    char c = '}';\n"
        "    auto raw = R\"(}}})\";\n"
        "    int million = 1'000'000;\n"
        "    return \"}\"[0];\n"
        "}\n"
        "int g() { return 1; }\n") == [("f", 2, 9), ("g", 11, 1)]


def test_tables_and_types_are_not_functions():
    assert measured(
        "enum class State { Idle, Busy };\n"
        "struct Row { int a; const char* b; };\n"
        "constexpr Row kRows[] = {\n    {1, \"x\"},\n    {2, \"y\"},\n};\n"
        "const std::map<int, Row> kMap{{1, {1, \"x\"}}};\n") == []


def test_trailing_types_templates_and_operators_are_named():
    names = [f.name for f in cpp_functions(
        "template <typename T>\nauto first(const T& t) -> decltype(t[0])\n{\n    return t[0];\n}\n"
        "bool operator==(const A& a, const A& b) { return a.x == b.x; }\n")]
    assert names == ["first", "operator=="]


def test_python_functions_are_measured():
    assert [(f.name, f.length) for f in python_functions("def a():\n    x = 1\n    return x\n")] == [("a", 3)]


def test_long_function_file_and_crowded_folder_are_reported(tmp_path):
    room = tmp_path / "engine" / "base"
    room.mkdir(parents=True)
    (room / "long.cpp").write_text("void f()\n{\n" + "    g();\n" * 58 + "}\n" + "// x\n" * 340)
    for number in range(12):
        (room / f"part_{number}.h").write_text("#pragma once\n")
        (room / f"part_{number}.cpp").write_text("")
    results = check(tmp_path)
    assert [v.message for v in results["function sizes"]] == ["f has 61 lines; a function has at most 60"]
    assert [v.path for v in results["file sizes"]] == ["engine/base/long.cpp"]
    assert "13 classes in one folder" in results["folder sizes"][0].message
    assert "engine/base/long.cpp" in report(tmp_path)


def test_sizes_at_the_limit_pass(tmp_path):
    room = tmp_path / "engine" / "base"
    room.mkdir(parents=True)
    (room / "exact.cpp").write_text("void f()\n{\n" + "    g();\n" * 57 + "}\n" + "// x\n" * 340)
    assert not any(check(tmp_path).values())
