"""The checks that the columns of a document have to pass in every version."""

from collections.abc import Iterable, Sequence

from seedlab.documents import limits
from seedlab.documents.decoding import WrongError
from seedlab.errors import ChoiceError
from seedlab.libraries.registry import check, script_of
from seedlab.phrases import sentence
from seedlab.study.experiment import Experiment


def check_current(current: int, columns: int, path: str = "$") -> None:
    """Raise `WrongError` where none of so many ``columns`` is the ``current`` one of the view in ``path``."""
    if not 0 <= current < max(1, columns):
        raise WrongError(sentence("there is no such column"), f"{path}.view.current")


def check_scripts(scripts: Iterable[str]) -> None:
    """Raise `WrongError` where the ``scripts`` of all columns are too long together."""
    if sum(map(len, scripts)) > limits.MAX_SCRIPTS:
        raise WrongError(
            sentence("the scripts have more than {most:,} characters", most=limits.MAX_SCRIPTS), "$.experiments"
        )


def check_indices(indices: Sequence[int], path: str) -> None:
    """Raise `WrongError` where two runs of the column at ``path`` have one index."""
    seen: set[int] = set()
    for number, index in enumerate(indices):
        if index in seen:
            raise WrongError(
                sentence("an earlier run has the index {index} as well", index=index), f"{path}.runs[{number}].index"
            )
        seen.add(index)


def check_experiment(experiment: Experiment, path: str) -> None:
    """Raise `WrongError` where no library can run the ``experiment`` at ``path``."""
    try:
        check(experiment)
    except ChoiceError as error:
        raise wrong_choice(error, path) from error


def wrong_choice(error: ChoiceError, path: str) -> WrongError:
    """Return the error that says of the experiment at ``path`` what ``error`` says."""
    return WrongError(error.what, f"{path}.{error.field}", is_sentence=True)


def is_written_by_seedlab(experiment: Experiment | None, script: str) -> bool:
    """Return True if ``script`` is the one that seedlab writes for ``experiment``, which has passed its check."""
    return experiment is not None and script_of(experiment).text == script
