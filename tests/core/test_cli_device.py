"""``--device`` of every command that computes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import Run, folder, run

from localedit_core.cli import main
from localedit_core.commands import study
from localedit_core.evaluation.running import Workers, run_job
from localedit_core.generators.devices import CPU, Device

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
EDIT = ("edit", "--model", "tiny.safetensors", "--target", "3", "--reference", "4", "--part")
COMMANDS = {
    "edit": (*EDIT, "mouth", "--out", "out.png", "--session", "s.localedit"),
    "render": ("render", "s.localedit", "--out", "again.png"),
    "catalog": (
        *("catalog", "build", "--model", "tiny.safetensors", "--layer", "b16.conv1"),
        *("--clusters", "2", "--samples", "2", "--out", "new.safetensors"),
    ),
    "evaluate": (
        *("evaluate", "locality", "--model", "tiny.safetensors", "--part", "mouth"),
        *("--pairs", "1"),
    ),
}


@pytest.mark.parametrize("verb", COMMANDS)
def test_a_device_that_is_not_here_is_told_before_anything_is_done(
    folder: Path, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    before = set(folder.iterdir())
    assert main([*COMMANDS[verb], "--device", "cuda:77"]) == 2
    told = capsys.readouterr().err.strip()
    assert "cuda:77" in told
    assert "cpu (CPU)" in told
    assert "\n" not in told
    assert set(folder.iterdir()) == before


def test_the_cpu_can_be_chosen_everywhere(folder: Path, run: Run) -> None:
    main([*COMMANDS["edit"], "--device", "cpu"])
    for verb in ("render", "catalog"):
        main([*COMMANDS[verb], "--device", "cpu"])
    assert (folder / "again.png").exists()
    assert (folder / "new.safetensors").exists()


@pytest.mark.parametrize(
    ("device", "more", "expected"),
    [
        (CPU, (), CORES),
        (CPU, ("--processes", "3"), 3),
        (Device("cuda:0", "A GPU"), (), 1),  # several would only wait for each other
    ],
)
def test_an_evaluation_takes_every_core_or_the_gpu(
    folder: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    device: Device,
    more: tuple[str, ...],
    expected: int,
) -> None:
    taken: list[Workers] = []

    def measured(subject: Any, job: Any, pairs: int, workers: Workers, **_: Any) -> Any:
        taken.append(workers)
        return run_job(subject, job, pairs, Workers())

    monkeypatch.setattr(study, "choose_device", lambda name: device)
    monkeypatch.setattr(study, "run_job", measured)
    run(*COMMANDS["evaluate"], *more)
    assert taken == [Workers(processes=expected)]
