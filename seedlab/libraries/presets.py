"""All presets, in two groups: the experiments of the article, and what people ask today."""

from seedlab.libraries.article import ARTICLE, article_title
from seedlab.libraries.today import TODAY
from seedlab.study.experiment import Experiment
from seedlab.study.preset import Preset

GROUPS = {"The article": ARTICLE, "Today": TODAY}
PRESETS = {name: preset for presets in GROUPS.values() for name, preset in presets.items()}


def group_title(group: str) -> str:
    """Return the heading of ``group``, which names the article."""
    return f"{group}, “{article_title()}”" if GROUPS[group] is ARTICLE else group


def preset_of(experiment: Experiment) -> Preset | None:
    """Return the preset that makes exactly the choices of ``experiment``; None where there is none."""
    return next((preset for preset in PRESETS.values() if preset.experiment == experiment), None)
