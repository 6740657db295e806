"""Where functions begin and end, without a compiler.

C++ is cleaned of comments, literals and preprocessor lines and then read brace by brace: outside functions, a brace
after a parameter list (and what may stand between: qualifiers, a trailing type, member initialisers) opens one. A
lambda belongs to the function around it. Python is read with its own parser.
"""
import ast
import re
from dataclasses import dataclass

_NOISE = re.compile(
    r'R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)"|"(?:[^"\\\n]|\\.)*"|(?<![0-9a-fA-F])\'(?:[^\'\\\n]|\\.)+\''
    r"|//(?:[^\n\\]|\\.|\\\n)*|/\*.*?\*/|^[ \t]*#(?:[^\n\\]|\\.|\\\n)*",
    re.DOTALL | re.MULTILINE)
_SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")
_INITIALISERS = re.compile(r"\)\s*(?:noexcept\s*(?:\([^()]*\))?\s*)?:(?!:)")
_AFTER_PARAMETERS = re.compile(
    r"\)\s*(?:(?:const|noexcept|override|final|mutable|volatile|&&?|try)\s*|noexcept\s*\([^()]*\)\s*"
    r"|->[^;={}]+|requires[^;={}]+)*$")
_NAME = re.compile(r"([~\w:]+|operator\s*[^\s\w(]+)\s*(?:<[^<>]*>\s*)?\(")


@dataclass(frozen=True)
class Function:
    name: str
    line: int
    length: int


def _blank(match: re.Match) -> str:
    text = match.group(0)
    return "".join(c if c == "\n" else " " for c in text) if text.startswith(("/", "#", " ", "\t")) else (
        '""' + "\n" * text.count("\n"))


def _opens(head: str) -> str:
    """What a brace after this text opens, outside a function: function, initialiser, or scope."""
    text = head.strip()
    if _INITIALISERS.search(text):
        return "function" if text.endswith((")", "}", "try")) else "initialiser"
    if _AFTER_PARAMETERS.search(text) and not re.match(r"(alignas|__attribute__)\b", text):
        return "function"
    if _SCOPE.search(text) or "=" not in text:
        return "scope"
    return "initialiser"


def _name(head: str) -> str:
    match = _NAME.search(re.sub(r"\[\[.*?\]\]|template\s*<[^{}]*?>\s*(?=\w)", " ", head, flags=re.DOTALL))
    return match[1] if match else "(lambda)"


def cpp_functions(text: str) -> list[Function]:
    clean = _NOISE.sub(_blank, text)
    found, scopes = [], []
    head, head_line, line, depth_in_function = "", 0, 1, 0
    for character in clean:
        if character == "\n":
            line += 1
        if depth_in_function:
            depth_in_function += (character == "{") - (character == "}")
            if depth_in_function == 0:
                found.append(Function(_name(head), head_line, line - head_line + 1))
                head = ""
            continue
        if character == "{":
            kind = _opens(head)
            if kind == "function":
                depth_in_function = 1
                continue
            scopes.append((kind, head))
            head = head + "{" if kind == "initialiser" else ""
        elif character == "}":
            kind, before = scopes.pop() if scopes else ("scope", "")
            head = before + "{}" if kind == "initialiser" else ""
        elif character == ";":
            head = ""
        elif head or not character.isspace():
            if not head:
                head_line = line
            head += character
            if head.rstrip().endswith(("public:", "private:", "protected:")) or head.strip() in ("Q_OBJECT", "Q_GADGET"):
                head = ""
    return found


def python_functions(text: str) -> list[Function]:
    tree = ast.parse(text)
    return [Function(node.name, node.lineno, node.end_lineno - node.lineno + 1) for node in ast.walk(tree)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def functions_of(path: str, text: str) -> list[Function]:
    if path.endswith((".cpp", ".h")):
        return cpp_functions(text)
    return python_functions(text) if path.endswith(".py") else []
