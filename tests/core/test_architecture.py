"""Rules that hold for every file of the project."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "core"
GUI = ROOT / "localedit_gui"
SHIPPED = (CORE, GUI, ROOT / "resources")
SOURCES = (*SHIPPED, ROOT / "packaging", ROOT / "tests")

LONGEST_FILE = 420  # lines
QT = {"PySide6", "shiboken6", "pyqtgraph", "localedit_gui"}
# Reading a file with any of these can run what somebody put into it.
RUNS_CODE_MODULES = {"pickle", "cPickle", "dill", "joblib", "marshal", "shelve", "cloudpickle"}
RUNS_CODE_CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "torch.load",
    "torch.jit.load",
    "torch.hub.load",
    "np.load",
    "numpy.load",
    "os.system",
    "yaml.load",
}
TEXT_SUFFIXES = {".py", ".md", ".toml", ".txt", ".yml", ".yaml", ".json", ".cfg", ".sh", ".svg"}


def python_files(*folders: Path) -> list[Path]:
    files = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    assert files
    return files


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def imported_modules(module: ast.Module) -> set[str]:
    """Top-level names of everything imported anywhere in a file, inside functions too."""
    names = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


def called(module: ast.Module) -> set[str]:
    """Dotted names of everything called by name: ``eval``, ``torch.load``."""
    calls = [node.func for node in ast.walk(module) if isinstance(node, ast.Call)]
    return {ast.unparse(f) for f in calls if isinstance(f, ast.Name | ast.Attribute)}


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


def test_the_walkers_see_what_they_look_for() -> None:
    sample = ast.parse(
        "def f():\n    from PySide6.QtCore import QObject\n    torch.load(eval('x'))"
    )
    assert imported_modules(sample) == {"PySide6"}
    assert called(sample) == {"torch.load", "eval"}


@pytest.mark.parametrize("file", python_files(CORE), ids=name_of)
def test_the_core_imports_no_qt(file: Path) -> None:
    assert not imported_modules(tree(file)) & QT


@pytest.mark.parametrize("file", python_files(*SHIPPED), ids=name_of)
def test_nothing_shipped_runs_what_a_file_holds(file: Path) -> None:
    module = tree(file)
    assert not imported_modules(module) & RUNS_CODE_MODULES
    assert not called(module) & RUNS_CODE_CALLS


@pytest.mark.parametrize("file", python_files(*SOURCES), ids=name_of)
def test_files_stay_short(file: Path) -> None:
    lines = len(file.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE, "split it by what its parts are for"


def test_packaging_is_no_package() -> None:
    """It would stand before the library of that name wherever the root is on the path."""
    assert not (ROOT / "packaging" / "__init__.py").exists()


def text_files() -> list[Path]:
    """Every text file that belongs to the project; hidden and generated folders do not."""
    folders = [ROOT / ".ci", *(p for p in ROOT.iterdir() if p.is_dir() and p.name[0] != ".")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    files += [path for path in ROOT.iterdir() if path.is_file()]
    return [p for p in files if p.suffix in TEXT_SUFFIXES or p.parent.name == ".ci"]


def test_no_path_of_anybodys_machine_is_written_down() -> None:
    homes = "|".join([r"/work/\w", r"/home/\w", r"/root/", r"/Users/\w", r"[A-Za-z]:\\Users\\"])
    pattern = re.compile(rf"(?<![\w.])(?:{homes})")
    assert pattern.search("x = '/ho" + "me/anna/x'")
    found = [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path in text_files()
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found
