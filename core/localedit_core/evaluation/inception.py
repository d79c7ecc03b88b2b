"""The Inception network of FID, by torch-fidelity, with weights that somebody else supplies.

FID is the squared Frechet distance on the 2,048 features of one network of 2015 (Heusel et al.
2017). Any other weights make another distance, which does not get its name.
"""

from __future__ import annotations

import hashlib
import importlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from localedit_core.bounded import read_start
from localedit_core.checkpoints.pickles.reading import is_published, open_pickled
from localedit_core.checkpoints.pickles.values import StoredArray
from localedit_core.editing.request import Picture
from localedit_core.errors import LocalEditError
from localedit_core.evaluation.moments import Floats
from localedit_core.tensor_files import open_tensor_file

PUBLISHED_NAME = "pt_inception-2015-12-05-6726825d.pth"
PUBLISHED_SHA256 = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2"
FEATURES = "2048"
"""The pooled layer, as torch-fidelity calls it: what FID is taken on."""

_MODULE = "torch_fidelity.feature_extractor_inceptionv3"
_MOST_NUMBERS = 2**26  # the network has 23.9 million
_WHERE = (
    f"Take {PUBLISHED_NAME} from the releases of pytorch-fid, or the same file from those of "
    "torch-fidelity, and name it: --weights FILE."
)


@dataclass(frozen=True)
class InceptionFeatures:
    """The 2,048 features that FID is taken on.

    Attributes:
        weights: the file of the network's weights.
        sha256: of that file.
        device: what torch is to compute on.
    """

    weights: str
    sha256: str
    device: str = "cpu"

    @classmethod
    def of(cls, weights: Path | str | None, device: str = "cpu") -> InceptionFeatures:
        """Check library and weights before any work.

        Raises:
            LocalEditError: no weights are named, they are no weights of this network, or
                torch-fidelity is missing or cannot be loaded.
        """
        if weights is None:
            raise LocalEditError("FID needs the weights of its Inception network.", _WHERE)
        path = Path(weights).resolve()
        read_start(path, 1)  # says what is wrong with the name
        _library()
        features = cls(str(path), _sha256(path), device)
        _network(features)
        return features

    @property
    def is_published(self) -> bool:
        """Whether the file is the one that everybody's FIDs are taken with."""
        return self.sha256 == PUBLISHED_SHA256

    @property
    def name(self) -> str:
        """Network, layer and weights."""
        kind = "those of FID" if self.is_published else "not those of FID"
        return f"Inception v3, {FEATURES} features, weights {self.sha256[:8]} ({kind})"

    def __call__(self, pictures: Sequence[Picture]) -> Floats:
        """[n, 2048]; the network scales pictures of any size to 299 px as TensorFlow 1 did."""
        batch = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2)  # uint8 [n, 3, H, W]
        with torch.inference_mode():
            (features,) = _network(self)(batch.contiguous().to(self.device))
        return np.asarray(features.cpu().numpy(), np.float64)


@lru_cache(maxsize=1)
def _network(features: InceptionFeatures) -> Any:
    """The network, once in each process."""
    path = Path(features.weights)
    if _sha256(path) != features.sha256:
        raise LocalEditError(
            f"{path} is another file than when this began.", "Put the same one there."
        )
    tensors = read_weights(path)
    extractor = _library().FeatureExtractorInceptionV3
    with tempfile.TemporaryDirectory() as folder:
        # The library reads files of PyTorch with a reader that runs what they ask for: it gets one
        # that we wrote, of nothing but tensors.
        ours = Path(folder, "weights.pth")
        torch.save(tensors, ours)
        try:
            made = extractor(
                "inception-v3-compat", [FEATURES], feature_extractor_weights_path=str(ours)
            )
        except RuntimeError as error:  # names or shapes do not fit
            raise LocalEditError(
                f"{path} does not hold the weights of FID's Inception network.", _WHERE
            ) from error
    return made.to(features.device)


def read_weights(path: Path) -> dict[str, Tensor]:
    """The tensors of a .pth or .safetensors by name, float32; nothing in the file is run.

    Raises:
        LocalEditError: it cannot be read, or holds something else than tensors by name.
    """
    if not is_published(path):
        with open_tensor_file(path) as file:
            names = [name for name in file.entries if not _is_counter(name)]
            return {name: file.read(name) for name in names}
    tensors: dict[str, Tensor] = {}
    with open_pickled(path) as pickled:
        stored = pickled.root if isinstance(pickled.root, dict) else {}
        known = {
            name: value
            for name, value in stored.items()
            if isinstance(name, str) and isinstance(value, StoredArray) and not _is_counter(name)
        }
        if not known or sum(value.size for value in known.values()) > _MOST_NUMBERS:
            raise LocalEditError(
                f"{path} does not hold the weights of FID's Inception network.", _WHERE
            )
        for name, value in known.items():
            tensors[name] = torch.from_numpy(value.read().astype(np.float32))
    if not all(bool(torch.isfinite(tensor).all()) for tensor in tensors.values()):
        raise LocalEditError(f"{path} holds values that are not finite numbers.", _WHERE)
    return tensors


def _is_counter(name: str) -> bool:
    """Whether it counts batches of training, which no picture depends on."""
    return name.endswith("num_batches_tracked")


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise LocalEditError(f"Cannot read {path}: {error.strerror}.", _WHERE) from error


def _library() -> Any:
    try:
        return importlib.import_module(_MODULE)
    except ImportError as error:
        raise LocalEditError(
            "FID is measured with torch-fidelity, which is not installed.",
            "Install it: pip install 'localedit[fid]'.",
        ) from error
    except (RuntimeError, OSError) as error:  # what torchvision raises beside another torch
        raise LocalEditError(
            f"torch-fidelity is installed, but cannot be loaded: {error!s:.120}.",
            "Install torchvision from where torch came from, for the same kind of device.",
        ) from error
