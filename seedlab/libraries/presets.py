"""All presets, in two groups: the experiments of the article, and what people ask today."""

from seedlab.libraries.article import ARTICLE, article_title
from seedlab.libraries.today import TODAY
from seedlab.phrases import noted, sentence
from seedlab.study.experiment import Experiment
from seedlab.study.preset import Preset

GROUPS = {noted("The article"): ARTICLE, noted("Today"): TODAY}
"""The presets of each group, whose name `group_title` makes into words."""
PRESETS = {name: preset for presets in GROUPS.values() for name, preset in presets.items()}


def group_title(group: str) -> str:
    """Return the heading of ``group``, which names the article."""
    if GROUPS[group] is ARTICLE:
        return sentence("{group}, “{title}”", group=sentence(group), title=article_title())
    return sentence(group)


def preset_of(experiment: Experiment) -> Preset | None:
    """Return the preset that makes exactly the choices of ``experiment``; None where there is none."""
    return next((preset for preset in PRESETS.values() if preset.experiment == experiment), None)
