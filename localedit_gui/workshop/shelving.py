"""The Save step: the shelf, and the editor's use of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from localedit_gui.dialogs import Dialogs
from localedit_gui.rendering.worker import Failure
from localedit_gui.settings import Settings
from localedit_gui.workshop.desk import Desk
from localedit_gui.workshop.drawing import export_sheet
from localedit_gui.workshop.naming import NamingStep
from localedit_gui.workshop.values import Bench, Labelled

if TYPE_CHECKING:
    from localedit_core.models.catalog_shelf import RemovedCatalog, ShelvedCatalog


class ShelvingStep(QObject):
    """Saves, opens, duplicates, renames and removes catalogs of the present generator.

    Signals:
        bench_wanted(Bench): a catalog of the shelf was opened.
        saved(): the catalog on the bench lies on the shelf.
        use_wanted(Subject): the editor shall use what is active on the shelf now.
    """

    bench_wanted = Signal(object)
    saved = Signal()
    use_wanted = Signal(object)

    def __init__(
        self, desk: Desk, naming: NamingStep, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._naming = naming
        self._settings = settings
        self._dialogs: Dialogs | None = None
        self._waiting: str | None = None  # the name to save under once M is known
        panel = self._panel = desk.window.saving
        panel.save_wanted.connect(self.save)
        panel.sheet_wanted.connect(self._export_sheet)
        panel.open_wanted.connect(self._open)
        panel.use_wanted.connect(self._use)
        panel.duplicate_wanted.connect(self._duplicate)
        panel.rename_wanted.connect(self._rename)
        panel.remove_wanted.connect(self._remove)
        desk.document.changed.connect(self._show_bench)
        desk.document.modified_changed.connect(lambda _: self._show_bench())
        naming.measured.connect(self._go_on_saving)
        naming.measuring_ended.connect(self._give_up_saving)

    def set_dialogs(self, dialogs: Dialogs) -> None:
        """Say who asks the person."""
        self._dialogs = dialogs

    def forget(self) -> None:
        """Another generator comes."""
        self._waiting = None
        self._panel.set_entries(())

    def refresh(self, select: Path | None = None) -> None:
        """Read the shelf again."""
        subject = self._desk.subject
        if subject is None:
            return

        def done(value: object) -> None:
            self._panel.set_entries(cast("tuple[ShelvedCatalog, ...]", value))
            if select is not None:
                self._panel.select(select)

        self._desk.run(
            self.tr("reading the shelf"), lambda *_: self._desk.core.shelf.entries(subject), done
        )

    def _show_bench(self) -> None:
        state, document = self._desk.document.state, self._desk.document
        if state is None:
            self._panel.set_bench("", "", something=False)
            return
        clustering = state.naming.clustering
        parts = state.naming.parts()
        named = sum(len(part.clusters) for part in parts)
        summary = self.tr(
            "{layer}, K {clusters}: {parts} parts of {named} clusters, {rest} without a name."
        ).format(
            layer=clustering.layer,
            clusters=clustering.n_clusters,
            parts=len(parts),
            named=named,
            rest=clustering.n_clusters - named,
        )
        summary += " " + (self.tr("Not saved yet.") if document.modified else "")
        subject = self._desk.subject
        name = document.name or ("" if subject is None else subject.title)
        self._panel.set_bench(name, summary.strip(), something=True)

    # Saving ---------------------------------------------------------------------------------

    def save(self, name: str) -> None:
        """Put what is on the bench on the shelf; M is measured first where it is not known."""
        state = self._desk.document.state
        if state is None or self._desk.subject is None:
            return
        measured = self._naming.known(state.naming.clustering)
        if measured is None:
            self._waiting = name
            self._naming.measure(asked=True)
            self._desk.tell(
                self.tr("It is saved once it is measured which channels make which cluster."),
                self.tr("You can go on; the progress is below."),
            )
            return
        self._waiting = None
        catalog = self._desk.core.catalog_of(state, measured)

        def done(value: object) -> None:
            self._saved(state, cast("ShelvedCatalog", value))

        self._desk.run(
            self.tr("saving {name}").format(name=name),
            lambda *_: self._desk.core.shelf.save(catalog, name),
            done,
        )

    def _saved(self, state: Labelled, entry: ShelvedCatalog) -> None:
        self._desk.document.saved(state, entry.name)
        self.refresh(entry.path)
        self._desk.tell(
            self.tr("{name} is on the shelf, version {version}.").format(
                name=entry.name, version=entry.version
            ),
            self.tr("Press Use in Editor to edit with it.") if entry.parts else "",
        )
        self.saved.emit()

    def _go_on_saving(self) -> None:
        if self._waiting is not None:
            self.save(self._waiting)

    def _give_up_saving(self) -> None:
        if self._waiting is not None:
            self._waiting = None
            self._desk.warn(
                self.tr("It was not saved: measuring was given up."), self.tr("Save it again.")
            )

    def _export_sheet(self) -> None:
        bench, state = self._desk.document.bench, self._desk.document.state
        if bench is None or state is None or self._dialogs is None:
            return
        name = self._panel.name.text().strip() or self.tr("clusters")
        path = self._dialogs.ask_save_path("sheet", self._settings.folder / f"{name}-sheet.png")
        if path is None:
            return
        self._settings.folder = path.parent
        self._desk.run(
            self.tr("exporting {name}").format(name=path.name),
            lambda *_: export_sheet(path, bench, state),
            lambda _: self._desk.tell(self.tr("Exported {name}.").format(name=path.name)),
        )

    # The shelf ------------------------------------------------------------------------------

    def _open(self, entry: ShelvedCatalog) -> None:
        subject = self._desk.subject
        if subject is None:
            return
        self._desk.run(
            self.tr("opening {name}").format(name=entry.name),
            lambda *_: self._desk.core.bench_of_catalog(
                subject, self._desk.core.shelf.open(entry), entry.name
            ),
            lambda value: self.bench_wanted.emit(cast(Bench, value)),
        )

    def _use(self, entry: ShelvedCatalog) -> None:
        subject = self._desk.subject
        if subject is None:
            return

        def done(_: object) -> None:
            self.refresh(entry.path)
            self._desk.tell(
                self.tr("The editor works with {name} now.").format(name=entry.name),
                self.tr("Close the workshop to go on there."),
            )
            self.use_wanted.emit(subject)

        self._desk.run(
            self.tr("choosing {name}").format(name=entry.name),
            lambda *_: self._desk.core.shelf.activate(subject, entry),
            done,
        )

    def _duplicate(self, entry: ShelvedCatalog) -> None:
        name = self._ask_name(
            self.tr("Duplicate catalog"), self.tr("{name} copy").format(name=entry.name)
        )
        if name is not None:
            self._change(
                self.tr("copying {name}").format(name=entry.name),
                lambda: self._desk.core.shelf.duplicate(entry, name),
            )

    def _rename(self, entry: ShelvedCatalog) -> None:
        name = self._ask_name(self.tr("Rename catalog"), entry.name)
        if name is None or name == entry.name:
            return

        def done(_: object) -> None:
            document = self._desk.document
            if document.name == entry.name and document.state is not None:
                document.rename(name)

        self._change(
            self.tr("renaming {name}").format(name=entry.name),
            lambda: self._desk.core.shelf.rename(entry, name),
            done,
        )

    def _remove(self, entry: ShelvedCatalog) -> None:
        def done(value: object) -> None:
            removed = cast("RemovedCatalog", value)
            self._desk.tell(
                self.tr("{name}, version {version}, is removed.").format(
                    name=entry.name, version=entry.version
                ),
                self.tr("It stays in the trash for 30 days."),
                ((self.tr("Take It Back"), lambda: self._take_back(removed)),),
            )

        self._change(
            self.tr("removing {name}").format(name=entry.name),
            lambda: self._desk.core.shelf.remove(entry),
            done,
        )

    def _take_back(self, removed: RemovedCatalog) -> None:
        self._change(
            self.tr("taking {name} back").format(name=removed.name),
            lambda: self._desk.core.shelf.restore(removed),
        )

    def _change(
        self,
        label: str,
        work: Callable[[], object],
        then: Callable[[object], None] | None = None,
    ) -> None:
        """Change the shelf, then show it anew."""

        def done(value: object) -> None:
            path = getattr(value, "path", None)
            self.refresh(path)
            if then is not None:
                then(value)

        def failed(failure: Failure) -> None:
            self._desk.tell_failure(failure)
            self.refresh()

        self._desk.run(label, lambda *_: work(), done, failed)

    def _ask_name(self, title: str, current: str) -> str | None:
        if self._dialogs is None:
            return None
        name = self._dialogs.ask_name(title, current)
        return None if name is None else name.strip() or None
