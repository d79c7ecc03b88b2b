"""What is remembered of downloads."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from file_server import DATA, QUICK, Good, running_server

from localedit_core.errors import LocalEditError
from localedit_core.models.checksums import Checksums
from localedit_core.models.download import fetch


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format_version": 2}', '{"format_version": 1, "files": {"a": {}}}']
)
def test_damaged_memory_is_told_and_left_alone(tmp_path: Path, text: str) -> None:
    memory = tmp_path / "downloads.json"
    memory.write_text(text)
    with running_server() as server, pytest.raises(LocalEditError, match=r"downloads\.json"):
        fetch(server.at("/cats.pkl", Good(DATA)), tmp_path, patience=QUICK)
    assert memory.read_text() == text
    assert not server.requests


def test_several_may_write_the_memory_at_once(tmp_path: Path) -> None:
    def remember(number: int) -> None:
        for index in range(5):
            Checksums(tmp_path).remember(f"https://a/{number}/{index}", f"{index:064x}", index)

    threads = [threading.Thread(target=remember, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(4):
        for index in range(5):
            seen = Checksums(tmp_path).of(f"https://a/{number}/{index}")
            assert seen is not None
            assert seen.sha256 == f"{index:064x}"
