"""Morphs, read back with other means than they were written with where there are any."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageSequence
from test_boards import HAIR, pipeline, settled, state

from localedit_core.editing.pipeline import Pipeline
from localedit_core.editing.request import Picture
from localedit_core.errors import LocalEditError, RenderCancelled
from localedit_core.session.state import EditState
from localedit_core.sheets.morph import MorphPlan, morph_frames, write_morph

__all__ = ["pipeline", "state"]  # fixtures

PLAN = MorphPlan(frames=8, seconds=0.8, side=32)


@pytest.fixture
def frames(pipeline: Pipeline, state: EditState) -> list[Picture]:
    return list(morph_frames(pipeline, state, PLAN))


def moving(side: int, count: int) -> list[Picture]:
    """A bright disc that wanders over a dark ground."""
    made = []
    for n in range(count):
        picture = np.full((side, side, 3), (30, 60, 90), np.uint8)
        centre = (side // 4 + n * side // (2 * count), side // 2)
        made.append(cv2.circle(picture, centre, side // 6, (220, 180, 40), -1))
    return made


def test_a_morph_goes_from_the_target_to_the_result(
    pipeline: Pipeline, frames: list[Picture]
) -> None:
    assert len(frames) == 8
    np.testing.assert_array_equal(frames[0], settled(pipeline))
    np.testing.assert_array_equal(frames[-1], settled(pipeline, HAIR))
    away = [np.abs(frame.astype(float) - frames[0]).mean() for frame in frames]
    assert away == sorted(away)
    assert away[-1] > 0


def test_the_way_is_eased_and_even_about_its_middle() -> None:
    plan = MorphPlan(frames=9)
    shares = np.array([plan.progress_at(n) for n in range(9)])
    np.testing.assert_allclose(shares, np.sin(np.pi * np.arange(9) / 16) ** 2, atol=1e-12)


def test_a_morph_stops_when_told(pipeline: Pipeline, state: EditState) -> None:
    with pytest.raises(RenderCancelled):
        list(morph_frames(pipeline, state, PLAN, lambda: True))


def test_a_gif_shows_every_picture_in_its_time(tmp_path: Path) -> None:
    pictures = moving(48, 8)
    write_morph(tmp_path / "x.gif", pictures, PLAN)
    with Image.open(tmp_path / "x.gif") as gif:
        assert b"ynthetic composite" in gif.info["comment"]
        assert gif.info["loop"] == 0  # for ever
        read, times = [], []
        for frame in ImageSequence.Iterator(gif):
            read.append(np.asarray(frame.convert("RGB")))
            times.append(frame.info["duration"])
    assert times == [100] * 7 + [1000]
    for mine, theirs in zip(read, pictures, strict=True):
        assert np.abs(mine.astype(int) - theirs).max() <= 16  # 256 colours


def test_small_things_keep_their_colour_in_a_gif(tmp_path: Path) -> None:
    ground = np.linspace(80, 220, 128, dtype=np.uint8)
    picture = np.repeat(np.stack([ground, ground // 2, ground // 3], 1)[None], 128, 0)
    picture[60:66, 60:66] = (60, 90, 220)  # an eye: 0.2 % of the picture
    write_morph(tmp_path / "x.gif", [picture, picture[::-1].copy()], MorphPlan(2, 0.5, 128))
    with Image.open(tmp_path / "x.gif") as gif:
        eye = np.asarray(gif.convert("RGB"))[63, 63].astype(int)
    assert np.abs(eye - (60, 90, 220)).max() <= 24


def test_a_film_has_every_picture_at_its_pace(tmp_path: Path) -> None:
    pictures = moving(65, 8)  # odd, which films cannot be
    write_morph(tmp_path / "x.mp4", pictures, PLAN)
    film = cv2.VideoCapture(str(tmp_path / "x.mp4"))
    assert film.get(cv2.CAP_PROP_FPS) == pytest.approx(10.0)
    read = []
    while (taken := film.read())[0]:
        read.append(taken[1][..., ::-1])
    film.release()
    for mine, theirs in zip(read, pictures, strict=True):
        assert np.abs(mine.astype(int) - theirs[:64, :64]).mean() < 8.0
    assert [path.name for path in tmp_path.iterdir()] == ["x.mp4"]


def test_a_computer_without_the_encoder_says_so_and_keeps_the_old_film(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deaf:
        def __init__(self, *_: object) -> None: ...
        def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
            return False

        def release(self) -> None: ...

    (tmp_path / "x.mp4").write_bytes(b"old")
    writer = type("Writer", (Deaf,), {"fourcc": staticmethod(cv2.VideoWriter.fourcc)})
    monkeypatch.setattr(cv2, "VideoWriter", writer)
    with pytest.raises(LocalEditError, match="encoder") as caught:
        write_morph(tmp_path / "x.mp4", moving(16, 8), PLAN)
    assert ".gif" in caught.value.hint
    assert (tmp_path / "x.mp4").read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_strip_has_the_pictures_side_by_side(tmp_path: Path, frames: list[Picture]) -> None:
    write_morph(tmp_path / "x.png", frames, PLAN)
    strip = np.asarray(Image.open(tmp_path / "x.png").convert("RGB"))
    for frame in frames:
        windows = np.lib.stride_tricks.sliding_window_view(strip, (32, 32, 3))[:, :, 0]
        assert (windows[14:19] == frame).all(axis=(2, 3, 4)).any()


@pytest.mark.parametrize("change", [{"frames": 1}, {"frames": 601}, {"seconds": float("nan")}])
def test_plans_that_cannot_be_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(LocalEditError):
        MorphPlan(**change)  # type: ignore[arg-type]


def test_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LocalEditError, match=r"x\.avi"):
        write_morph(tmp_path / "x.avi", moving(16, 8), PLAN)
