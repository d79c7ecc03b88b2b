"""Brings the translations up to date with the texts of the editor.

    python packaging/translations.py

Collects every text that goes through tr() or translate(), and those of the bundled generators'
cards, into ``resources/localedit_resources/translations/localedit_XX.ts``, where translators work
(by hand, or with Qt's Linguist), and compiles these into the ``.qm`` files that the program reads.
Says how many texts are not translated yet; ends with 1 if there are any. Both tools of Qt's come
with PySide6.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from pathlib import Path

import PySide6

ROOT = Path(__file__).resolve().parents[1]
EDITOR = ROOT / "localedit_gui"
RESOURCES = ROOT / "resources" / "localedit_resources"
FOLDER = RESOURCES / "translations"
LANGUAGES = ("de",)

_OWN = re.compile(
    r'def _tr\(text: str\) -> str:\s+return QCoreApplication\.translate\("(\w+)", text\)'
)
_CALL = re.compile(r"(?<![\w.])(?<!def )_tr\(\s*")


def ts_path(language: str) -> Path:
    """Where the translations into a language are written."""
    return FOLDER / f"localedit_{language}.ts"


def card_texts() -> tuple[str, ...]:
    """The titles and sentences of the bundled generators and of their examples."""
    texts: list[str] = []
    for path in sorted((RESOURCES / "models").glob("*.card.json")):
        card = json.loads(path.read_text(encoding="utf-8"))
        for entry in (card, *card.get("examples", ())):
            texts += [entry["title"], entry["sentence"]]
    return tuple(dict.fromkeys(texts))


def collect(target: Path, language: str) -> None:
    """Write all texts into a ``.ts`` file; what is translated there already stays.

    Raises:
        subprocess.CalledProcessError: Qt's lupdate does not take them.
    """
    with tempfile.TemporaryDirectory() as folder:
        cards = Path(folder) / "cards.py"  # lupdate reads programs, not cards
        lines = (f'QCoreApplication.translate("Cards", {json.dumps(t)})' for t in card_texts())
        cards.write_text("\n".join(lines), encoding="utf-8")
        for path in EDITOR.rglob("*.py"):
            copy = Path(folder) / path.relative_to(EDITOR.parent)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(readable(path.read_text(encoding="utf-8")), encoding="utf-8")
        options = ["-extensions", "py", "-locations", "none", "-no-obsolete"]
        options += ["-source-language", "en", "-target-language", language]
        _run("lupdate", [*options, folder, "-ts", str(target)])


def readable(program: str) -> str:
    """A program as lupdate understands it: calls of a module's own ``_tr`` name their context."""
    own = _OWN.search(program)
    if own is None:
        return program
    return _CALL.sub(f'QCoreApplication.translate("{own[1]}", ', program)


def compile_one(source: Path) -> None:
    """Write the ``.qm`` file beside a ``.ts`` file."""
    _run("lrelease", [str(source), "-qm", str(source.with_suffix(".qm"))])


def messages(path: Path) -> Iterator[tuple[str, str, str, bool]]:
    """Context, source, translation and whether it is finished, of each text in a ``.ts`` file."""
    for context in ET.parse(path).getroot().iter("context"):
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is None:
                continue
            forms = [form.text or "" for form in translation.iter("numerusform")]
            texts = forms or [translation.text or ""]
            finished = "type" not in translation.attrib and all(texts)
            yield name, message.findtext("source") or "", texts[0], finished


def _run(tool: str, arguments: Sequence[str]) -> None:
    suffix = ".exe" if sys.platform == "win32" else ""
    program = Path(PySide6.__file__).parent / f"{tool}{suffix}"
    subprocess.run([str(program), *arguments], check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    """Bring every language up to date; returns the exit status."""
    missing = 0
    for language in LANGUAGES:
        path = ts_path(language)
        collect(path, language)
        compile_one(path)
        left = [source for _, source, _, finished in messages(path) if not finished]
        print(f"{path.name}: {sum(1 for _ in messages(path))} texts, {len(left)} not translated")
        missing += len(left)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
