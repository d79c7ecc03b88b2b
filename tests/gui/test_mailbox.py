"""The mailbox: order of the lanes, one slot, closing."""

from __future__ import annotations

import threading

from localedit_gui.rendering.mailbox import Mailbox

Box = Mailbox[str, str, str]


def test_a_newer_render_takes_the_place_of_the_waiting_one() -> None:
    box = Box()
    for tick in range(100):
        box.put_render(f"render {tick}")
    assert box.waiting_render == "render 99"
    assert box.take() == "render 99"
    assert box.waiting_render is None


def test_jobs_come_first_then_the_render_then_thumbnails_in_order() -> None:
    box = Box()
    box.put_thumbnail(1, "thumbnail 1")
    box.put_thumbnail(2, "thumbnail 2")
    box.put_thumbnail(1, "thumbnail 1 again")
    box.put_render("render")
    box.put_job("open")
    box.put_job("save")
    taken = [box.take() for _ in range(5)]
    assert taken == ["open", "save", "render", "thumbnail 1", "thumbnail 2"]


def test_unwanted_thumbnails_are_dropped() -> None:
    box = Box()
    for seed in range(10):
        box.put_thumbnail(seed, f"thumbnail {seed}")
    box.drop_thumbnails(lambda seed: seed not in (3, 7))
    assert [box.take(), box.take()] == ["thumbnail 3", "thumbnail 7"]


def test_take_waits_for_work_from_another_thread() -> None:
    box = Box()
    taken: list[str | None] = []
    taker = threading.Thread(target=lambda: taken.append(box.take()))
    taker.start()
    assert taken == []
    box.put_render("late")
    taker.join(5)
    assert taken == ["late"]


def test_closing_wakes_the_taker_and_takes_nothing_in() -> None:
    box = Box()
    taken: list[str | None] = ["not yet"]
    taker = threading.Thread(target=lambda: taken.append(box.take()))
    taker.start()
    box.close()
    taker.join(5)
    assert taken == ["not yet", None]
    assert not box.put_job("job")
    assert not box.put_render("render")
    assert not box.put_thumbnail(1, "thumbnail")
    assert box.take() is None


def test_jobs_that_wait_at_closing_are_still_done_and_renders_are_not() -> None:
    box = Box()
    box.put_render("render")
    box.put_thumbnail(1, "thumbnail")
    box.put_job("save")
    box.close()
    assert [box.take(), box.take()] == ["save", None]


def test_the_last_of_many_renders_is_never_lost() -> None:
    box = Box()
    taken: list[str] = []

    def serve() -> None:
        while (render := box.take()) is not None:
            taken.append(render)

    server = threading.Thread(target=serve)
    server.start()
    for tick in range(5000):
        box.put_render(f"{tick}")
    while not taken or taken[-1] != "4999":
        assert server.is_alive()
    box.close()
    server.join(5)
    order = [int(tick) for tick in taken]
    assert order == sorted(set(order))  # each at most once, none after a newer one
