"""Where the window leaves work for the worker. Knows no Qt."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

JobT = TypeVar("JobT")
RenderT = TypeVar("RenderT")
ThumbnailT = TypeVar("ThumbnailT")


class Mailbox(Generic[JobT, RenderT, ThumbnailT]):
    """Three lanes from many threads to one, none of which ever makes the sender wait.

    Jobs (open, save, export) are all done, in order. Of renders there is one slot: a newer one
    replaces the one that still waits. Thumbnails come last, in the order in which they were asked
    for, each key once. After ``close`` nothing comes in; jobs that were already there still come
    out, so that a save under way at the end is not lost.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._jobs: deque[JobT] = deque()
        self._render: RenderT | None = None
        self._thumbnails: OrderedDict[Hashable, ThumbnailT] = OrderedDict()
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether ``close`` was called."""
        return self._closed

    @property
    def is_pressed(self) -> bool:
        """Whether something waits that comes before thumbnails, the end included."""
        return self._closed or self._render is not None or bool(self._jobs)

    @property
    def waiting_render(self) -> RenderT | None:
        """The render that nobody has taken yet."""
        return self._render

    def put_job(self, job: JobT) -> bool:
        """Queue a job; False if the mailbox is closed."""
        with self._condition:
            if not self._closed:
                self._jobs.append(job)
                self._condition.notify()
            return not self._closed

    def put_render(self, render: RenderT) -> bool:
        """Put a render into the slot, in the place of one that waits; False if closed."""
        with self._condition:
            if not self._closed:
                self._render = render
                self._condition.notify()
            return not self._closed

    def put_thumbnail(self, key: Hashable, thumbnail: ThumbnailT) -> bool:
        """Queue a thumbnail unless its key is queued already; False if closed."""
        with self._condition:
            if not self._closed and key not in self._thumbnails:
                self._thumbnails[key] = thumbnail
                self._condition.notify()
            return not self._closed

    def put_thumbnail_back(self, key: Hashable, thumbnail: ThumbnailT) -> None:
        """Queue a thumbnail that was begun and given up: it is the next again."""
        with self._condition:
            if not self._closed and key not in self._thumbnails:
                self._thumbnails[key] = thumbnail
                self._thumbnails.move_to_end(key, last=False)
                self._condition.notify()

    def drop_thumbnails(self, unwanted: Callable[[Hashable], bool]) -> None:
        """Forget the waiting thumbnails whose key is unwanted."""
        with self._condition:
            for key in [key for key in self._thumbnails if unwanted(key)]:
                del self._thumbnails[key]

    def take(self) -> JobT | RenderT | ThumbnailT | None:
        """Wait for work and take it: jobs first, then the render, then thumbnails.

        Returns:
            The work, or None once the mailbox is closed and no job is left.
        """
        with self._condition:
            while True:
                if self._jobs:
                    return self._jobs.popleft()
                if self._closed:
                    return None
                if self._render is not None:
                    render, self._render = self._render, None
                    return render
                if self._thumbnails:
                    return self._thumbnails.popitem(last=False)[1]
                self._condition.wait()

    def close(self) -> None:
        """Take nothing more in; renders and thumbnails that wait are forgotten."""
        with self._condition:
            self._closed = True
            self._render = None
            self._thumbnails.clear()
            self._condition.notify_all()
