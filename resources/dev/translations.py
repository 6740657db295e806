#!/usr/bin/env python3
"""Bring the console's translation files up to date with its texts, and fill in English plurals.

usage: translations.py ROOT     run by ./dev translations
"""
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

LUPDATE = "/usr/lib/qt6/bin/lupdate"
LANGUAGES = ("en", "de")


def update(root: Path, language: str) -> Path:
    file = root / "gui" / "translations" / f"modelmora_{language}.ts"
    plural_only = ["-pluralonly"] if language == "en" else []
    subprocess.run([LUPDATE, *plural_only, "-silent", "-no-obsolete", "-locations", "none", "-source-language", "en", "-I", str(root),
                    "-target-language", language, str(root / "gui"), "-ts", str(file)], check=True)
    return file


def fill_english(file: Path) -> None:
    """ "%n model(s)" is "1 model" and "2 models"; a text without "(s)" is the same for every number."""
    tree = ElementTree.parse(file)
    for message in tree.iter("message"):
        source = message.findtext("source", "")
        translation = message.find("translation")
        if message.get("numerus") != "yes" or translation is None:
            continue
        for form in list(translation):
            translation.remove(form)
        translation.attrib.pop("type", None)
        for ending in ("", "s"):
            ElementTree.SubElement(translation, "numerusform").text = source.replace("(s)", ending)
    text = ElementTree.tostring(tree.getroot(), encoding="unicode")
    file.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n', encoding="utf-8")


def main() -> None:
    root = Path(sys.argv[1])
    for language in LANGUAGES:
        file = update(root, language)
        if language == "en":
            fill_english(file)
        print(file.relative_to(root))


if __name__ == "__main__":
    main()
