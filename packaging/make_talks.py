"""Makes the talks that come with the program, of real runs.

uv run python packaging/make_talks.py          both: two minutes
"""

from collections.abc import Sequence
from pathlib import Path

from make_pictures import answer_path, without_paths
from msgspec.structs import replace
from studio import Studio, make_application

from seedlab.documents.files import read_lab
from seedlab.documents.talks import TALKS
from seedlab.documents.writing import to_json
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import compared
from seedlab.study.lab import Column, Lab, Look, Scene, View

ROOT = Path(__file__).parent.parent


def answered(name: str) -> tuple[Column, ...]:
    """The column of the preset ``name`` with the runs that its answer in help was made of."""
    return read_lab(answer_path(name, "light")).columns


def scene(
    title: str,
    columns: Sequence[Column],
    notes: str,
    *,
    look: Look = "auto",
    covered: bool = False,
    fresh: bool = False,
) -> Scene:
    return Scene(
        title=title,
        columns=tuple(columns),
        view=View(look=look),
        notes=" ".join(notes.split()),
        is_covered=covered,
        is_fresh=fresh,
    )


def preset(name: str, notes: str, *, covered: bool = True, fresh: bool = False) -> Scene:
    """The question of the preset ``name``, with the runs and the causes that answer it."""
    return scene(PRESETS[name].title, answered(name), notes, covered=covered, fresh=fresh)


def seed_scenes(studio: Studio) -> list[Scene]:
    """The article, from its question to its answer."""
    before = PRESETS["before-graph"].experiment
    studio.run(lambda: studio.window.session.runs.lay_out(compared(before, "placement")))
    studio.wait_for_causes()
    placements = without_paths(studio.window.session.lab()).columns
    studio.run(lambda: studio.window.session.runs.lay_out([before]))
    studio.run(studio.window.why)
    causes = without_paths(studio.window.session.lab()).columns
    studio.run(studio.window.session.causes.try_fix)
    fixed = without_paths(studio.window.session.lab()).columns
    return [
        scene(
            "I set the seed. Why do my numbers still change?",
            answered("before-graph"),
            """Two ops, one seed, three runs of the very same script. Which of the four numbers are the same in every
            run? Let the room guess, then uncover run by run.""",
            covered=True,
            fresh=True,
        ),
        scene(
            "In Python, the seed starts over",
            answered("random"),
            """What everybody expects: the same three numbers after each seed, and the same in every run. Equal letters
            are equal to the last bit.""",
            fresh=True,
        ),
        scene("NumPy does the same", answered("numpy"), "One global state, one seed. Nothing new here.", fresh=True),
        scene(
            "So where did the seed go?",
            causes,
            """Each dot was tried: that source alone was given another value, and the draw below the dot moved. The seed
            of line 5 moves nothing. It was set on the default graph, and the ops live on another one.""",
            look="why",
        ),
        scene(
            "The seed inside the graph",
            [placements[1]],
            """Set after the graph was opened, it reaches every op. The second draw of an op goes on where the first has
            stopped, and a second session would start from the same place again.""",
            covered=True,
            fresh=True,
        ),
        scene(
            "And after the ops?",
            answered("after-op"),
            """Ask first. An op takes its seed when it is made: what is set later comes too late. op2 has a seed of its
            own, and repeats all the same.""",
            covered=True,
            fresh=True,
        ),
        scene(
            "One seed in three places",
            placements,
            "The whole article in one picture. Only the column in which all lines are flat had its seed in time.",
            fresh=True,
        ),
        scene(
            "What to write",
            fixed,
            """The smallest change was found by experiment and proved: five cold runs of the changed script. Remember
            it: the seed belongs inside the graph, before the first op.""",
        ),
    ]


def keras_scenes() -> list[Scene]:
    """What people ask of Keras."""
    return [
        preset(
            "keras-tensorflow-seed",
            """The line that everybody writes first. Ask who has it in their own script. Uncover: weights, mask and loss
            all change.""",
        ),
        preset(
            "keras-python-seed",
            "Nobody expects this one: Keras 3 takes the seeds of its layers from Python's own random.",
        ),
        preset("keras-numpy-seed", "The second line that everybody writes. It moves nothing at all here."),
        preset(
            "keras-all-seeds",
            "One line that seeds all three, run here and now. This is the line to take home.",
            covered=False,
            fresh=True,
        ),
        preset(
            "keras-seed-after-model",
            "The right line in the wrong place. The layers had their seeds before it was reached.",
        ),
        preset(
            "keras-dropout-seed",
            """Let the room guess two things: the same in every run? the same in every call? Yes, and no.""",
        ),
        preset(
            "keras-one-initializer",
            "A bug in many models: two layers that share an initializer start with the very same weights.",
        ),
        preset(
            "data-shuffle-seed",
            "Not Keras, but beside it in every training script: the order of the samples.",
        ),
        preset(
            "numpy-keras-seed",
            "set_random_seed covers NumPy's global state. A generator of default_rng has one of its own.",
        ),
        preset(
            "keras-embedding",
            """All seeds set, on a CPU, and still it changes: threads add the rows of the gradient in any order. No seed
            helps; op determinism does, and its price is speed.""",
        ),
    ]


def write(name: str, scenes: Sequence[Scene]) -> None:
    first = scenes[0]
    lab = replace(Lab.of(first.columns), view=first.view, scenes=tuple(scenes))
    path = ROOT / "resources" / "talks" / f"{name}.seedlab"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(to_json(lab))
    print(path.name, len(scenes), path.stat().st_size, flush=True)


def main() -> None:
    application = make_application()
    seed, keras = TALKS
    write(keras, keras_scenes())
    studio = Studio(ROOT / "packaging" / "pictures", tries_causes=True)
    write(seed, seed_scenes(studio))
    studio.close()
    del application


if __name__ == "__main__":
    main()
