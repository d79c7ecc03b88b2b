"""A folder of partial sums, so that long work goes on where it was cut off.

It holds the sums of the first pairs, up to some number, in one file that is replaced as work goes
on. So neither disk nor memory grows with the number of pairs, and a run can be made longer later.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic

import torch

from localedit_core.atomic import atomic_write
from localedit_core.bounded import read_bounded
from localedit_core.errors import LocalEditError
from localedit_core.evaluation.jobs import Found, Job, Subject
from localedit_core.tensor_files import open_tensor_file, pack_tensors

MANIFEST = "manifest.json"
SUMS = "sums.safetensors"
_VERSION = 1
_MAX_MANIFEST = 2**20


@dataclass(frozen=True)
class PartialResults(Generic[Found]):
    """The folder of one job on one generator and catalog.

    Attributes:
        folder: where; made when something is kept.
        job: whose sums.
        subject: of which generator and catalog.
    """

    folder: Path
    job: Job[Found]
    subject: Subject

    def load(self) -> tuple[int, Found | None]:
        """How many pairs are done, and their sums; (0, None) where nothing is there yet.

        Raises:
            LocalEditError: the folder holds results of something else, or damaged ones.
        """
        if not (self.folder / MANIFEST).exists():
            return 0, None
        manifest = self.folder / MANIFEST
        try:
            told = json.loads(read_bounded(manifest, _MAX_MANIFEST))
        except ValueError as error:
            raise LocalEditError(f"{manifest} is damaged.", "Choose another folder.") from error
        wanted = self._facts()
        if not isinstance(told, dict) or told != wanted:
            differs = [k for k in wanted if not isinstance(told, dict) or told.get(k) != wanted[k]]
            raise LocalEditError(
                f"{self.folder} holds results of another study: its "
                f"{', '.join(differs) or 'contents'} differ.",
                "Choose another folder, or repeat the command that began there.",
            )
        if not (self.folder / SUMS).exists():
            return 0, None
        with open_tensor_file(self.folder / SUMS) as file:
            arrays = {name: file.read(name, double=True).numpy() for name in file.entries}
            done = file.metadata.get("pairs", "")
        try:
            return int(done), self.job.read(arrays)
        except (KeyError, ValueError) as error:
            raise LocalEditError(
                f"{self.folder / SUMS} is damaged.", "Remove it to begin again."
            ) from error

    def keep(self, done: int, sums: Found) -> None:
        """Write the sums of the first ``done`` pairs, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        manifest = self.folder / MANIFEST
        if not manifest.exists():
            atomic_write(manifest, (json.dumps(self._facts(), indent=1) + "\n").encode())
        tensors = {name: torch.from_numpy(array) for name, array in sums.arrays().items()}
        atomic_write(self.folder / SUMS, pack_tensors(tensors, {"pairs": str(done)}))

    def _facts(self) -> Mapping[str, Any]:
        facts = {
            "version": _VERSION,
            "generator": self.subject.model_fingerprint,
            "catalog": self.subject.catalog_fingerprint,
            "study": type(self.job).__name__,
            **self.job.facts(),
        }
        return dict(json.loads(json.dumps(facts)))  # tuples become lists, as they are read
