"""The words for environments that seedlab makes: what would be downloaded, how far it is, and what was done."""

from collections.abc import Sequence

from seedlab.phrases import enumerated, listed, noted, plural, sentence
from seedlab.results.environment import Interpreter
from seedlab.results.environments import Environment, LookedUp, Offer, Plan, Report, Step


def environment_title(library: str, version: str, minor: str) -> str:
    """Return what an environment is called that was made for ``library``, with a Python ``minor``."""
    if not version:
        return sentence("{library} (Python {minor})", library=library, minor=minor)
    return sentence("{library} {version} (Python {minor})", library=library, version=version, minor=minor)


def size_text(count: int | None) -> str:
    """Return a number of bytes as people read it; None is not known."""
    if count is None:
        return sentence("not known")
    if count < 1_000_000:
        return sentence("{count} kB", count=max(1, round(count / 1000)))
    if count < 100_000_000:
        return sentence("{count:.1f} MB", count=count / 1e6)
    if count < 10_000_000_000:
        return sentence("{count:,} MB", count=round(count / 1e6))
    return sentence("{count:,} GB", count=round(count / 1e9))


def plan_text(plan: Plan, free: int) -> str:
    """Return the sentences that say how much ``plan`` downloads, and that ``free`` bytes are free on the disk."""
    size, count = size_text(plan.bytes), len(plan.packages)
    if plan.unknown == count:
        text = plural(
            "{count} package is downloaded, of a size that is not known; {free} are free on the disk.",
            "{count} packages are downloaded, of sizes that are not known; {free} are free on the disk.",
            count,
            free=size_text(free),
        )
    elif plan.unknown:
        text = sentence(
            "{count} packages are downloaded: {size}, not counting {unknown} of a size that is not known; "
            "{free} are free on the disk.",
            count=count,
            size=size,
            unknown=plan.unknown,
            free=size_text(free),
        )
    else:
        text = plural(
            "{count} package is downloaded, at most {size}; {free} are free on the disk.",
            "{count} packages are downloaded, at most {size}; {free} are free on the disk.",
            count,
            size=size,
            free=size_text(free),
        )
    kept = sentence("What {tool} has kept of earlier downloads is not downloaded again.", tool=plan.installer)
    return f"{text} {kept}"


def nothing_possible_text(requirement: str, found: LookedUp) -> tuple[str, str]:
    """Return that none of the Pythons that were found can have ``requirement``, and what to do."""
    minors = [*dict.fromkeys(".".join(offer.python.python.split(".")[:2]) for offer in found.offers)]
    if minors:
        text = noted("There is no {requirement} for the Pythons that were found here ({minors}).")
        what = sentence(text, requirement=requirement, minors=enumerated(minors))
    else:
        what = sentence("No Python was found here.")
    if found.elsewhere:
        text = noted("It is there for Python {minors}: install one of these, and it will be found.")
        return what, sentence(text, minors=enumerated(found.elsewhere))
    return what, sentence("Look whether there is such a version at all.")


def step_text(report: Report) -> str:
    """Return what is being done."""
    progress = report.progress
    if report.step is Step.PREPARING:
        return sentence("Making an empty environment…")
    if report.step is Step.RESOLVING:
        return sentence("Asking the package index what is needed…")
    if report.step is Step.ASKING:
        return sentence("Asking the new environment what it has…")
    if progress.is_installing:
        return sentence("Installing what was downloaded…")
    if progress.package:
        return sentence("Downloading {package}…", package=progress.package)
    return sentence("Downloading…")


def looking_up_text(tool: str, minors: Sequence[str]) -> str:
    """Return that ``tool`` asks the index for the Pythons ``minors``."""
    return sentence("{tool} asks the package index, for Python {minors}…", tool=tool, minors=listed(list(minors)))


def made_text(environment: Environment) -> str:
    """Return that an environment was made, and where."""
    return sentence("“{title}” is made, in {folder}.", title=environment.title, folder=environment.folder)


def question_of_removal(environment: Environment, size: int) -> str:
    """Return the question whether ``environment`` is to be removed, with what goes with it."""
    text = noted("Remove “{title}”? The folder {folder} goes with all that it has ({size}).")
    return sentence(text, title=environment.title, folder=environment.folder, size=size_text(size))


def removed_text(environment: Environment, size: int) -> str:
    """Return that ``environment`` was removed, which had taken ``size`` bytes."""
    return sentence("“{title}” was removed ({size}).", title=environment.title, size=size_text(size))


def listed_title(environment: Environment, *, has_python: bool) -> str:
    """Return what ``environment`` is called in a list, with what keeps it from making runs."""
    if has_python:
        return environment.title
    return sentence("{title}: the Python that it was made of is gone", title=environment.title)


def no_environments_text() -> str:
    """Return that there is none, and how one is made."""
    return sentence("There are no environments. “seedlab environment new tensorflow==2.15.1” makes one.")


def agree_text() -> str:
    """Return how a person agrees on the command line to what stands above."""
    return sentence("Nothing was downloaded or made. Add --yes to have it.")


def agree_to_remove_text() -> str:
    """Return how a person agrees on the command line to the removal that stands above."""
    return sentence("Nothing was removed. Add --yes to have it removed.")


def about_new_text() -> str:
    """Return what happens when a person goes on from the first page of the dialog."""
    return sentence(
        "Next, the package index is asked what that needs; where it has no descriptions of packages, it sends whole "
        "wheels. Nothing is built or installed before you agree to it."
    )


def offer_text(offer: Offer) -> str:
    """Return a Python and what it would get, or why it cannot have it."""
    if offer.problem:
        return sentence("Python {python}: {problem}", python=offer.python.python, problem=offer.problem)
    if not offer.version:
        return sentence("Python {python} ({path})", python=offer.python.python, path=offer.python.executable)
    return sentence(
        "Python {python}, with {version} ({path})",
        python=offer.python.python,
        version=offer.version,
        path=offer.python.executable,
    )


def place_text(folder: str) -> str:
    """Return where an environment will lie."""
    return sentence("In {folder}", folder=folder)


def fetch_text(minor: str) -> str:
    """Return that uv downloads a Python."""
    return sentence("uv downloads Python {minor}…", minor=minor)


def made_here_text(environment: Environment, interpreter: Interpreter) -> tuple[str, str]:
    """Return that an environment was made, and what is done with it in the window."""
    text = noted(
        "It has {summary}, and makes the runs of the current column from now on. It stands in the list Interpreter."
    )
    return made_text(environment), sentence(text, summary=interpreter.summary)


def chosen_here_text(environment: Environment) -> tuple[str, str]:
    """Return that ``environment`` cannot be removed because a column has it, and what to do."""
    what = sentence("“{title}” makes the runs of a column here.", title=environment.title)
    return what, sentence("Choose another Python there, and remove it then.")


def removing_text(environment: Environment) -> str:
    """Return that ``environment`` is being removed."""
    return sentence("Removing “{title}”…", title=environment.title)
