"""Small pictures of the scenes of a talk, drawn while nothing else is to be done."""

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage

from seedlab.analysis.analyst import analysing
from seedlab.export.picture import Picture
from seedlab.gui.turns import Turns
from seedlab.session.picture_options import SIZES, PictureOptions
from seedlab.study.lab import Lab, Scene
from seedlab.work import Work

_SIZE = QSize(640, 360)
"""Large enough for the presenter's window, in pixels."""
_PAUSE_MS = 20


class ScenePictures(QObject):
    """Draws each scene once for each theme, and tells when it is done."""

    drawn = Signal(object, QImage)
    """A `Scene`, and its picture."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._turns = Turns(self, pause_ms=_PAUSE_MS)
        self._paper = ""
        self._lab: Lab | None = None
        self._pictures: dict[tuple[int, str], tuple[Scene, QImage]] = {}
        """The pictures by the identities of their scenes, which are kept alive with them, and by their paper."""

    @property
    def is_complete(self) -> bool:
        """True when all scenes are drawn."""
        return not self._turns.is_busy

    def show(self, lab: Lab, paper: str) -> None:
        """Draw those scenes of ``lab`` that are not drawn yet on ``paper``, which is light or dark."""
        kept = {id(scene) for scene in lab.scenes}
        is_same = paper == self._paper and self._lab is not None and kept == {id(scene) for scene in self._lab.scenes}
        self._paper, self._lab = paper, lab
        if is_same:
            return
        self._pictures = {key: known for key, known in self._pictures.items() if key[0] in kept}
        self._turns.cancel()
        self._draw_next()

    def picture(self, scene: Scene) -> QImage | None:
        """Return the picture of ``scene``; None where it is not drawn yet."""
        known = self._pictures.get((id(scene), self._paper))
        return None if known is None else known[1]

    def close(self) -> None:
        self._turns.close()

    def _draw_next(self) -> None:
        lab = self._lab
        scene = None if lab is None else next((each for each in lab.scenes if self.picture(each) is None), None)
        if lab is None or scene is None:
            return

        def on_drawn(image: QImage) -> None:
            self._pictures[id(scene), self._paper] = (scene, image)
            self.drawn.emit(scene, image)
            if not self._turns.is_busy:
                self._draw_next()

        # Without its picture a scene still has its title.
        self._turns.start(_drawing(lab, scene, self._paper), on_drawn, lambda _: on_drawn(QImage()))


def _drawing(lab: Lab, scene: Scene, paper: str) -> Work[QImage]:
    part = lab.of_scene(scene)
    analysis = yield from analysing(part.columns)
    options = PictureOptions(size=SIZES["slide"], paper=paper, script=part.view.look == "why")
    return (yield from Picture(part, analysis, options, heading=scene.title).image(_SIZE))
