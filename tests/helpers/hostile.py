"""Labs whose every text is anything that Unicode has."""

from hypothesis import strategies as st

from seedlab.results.environment import Interpreter, Package
from seedlab.results.run import Outcome
from seedlab.study.lab import Column, Lab
from tests.helpers.documents import CREATED
from tests.helpers.values import draw, run, seed_set

_ENCODED = st.characters(exclude_categories=["Cs"])
TEXTS = st.text(_ENCODED | st.sampled_from("\x1b\0\x9b\x7f\r\n\t\u202e\u2028\ufffe\uffff<&`|'\"=@\\"), max_size=20)
"""Any text that a document can hold."""


@st.composite
def hostile_labs(drawing: st.DrawFn) -> Lab:
    """A lab of one column with one run, whose texts are drawn."""
    label, script = drawing(TEXTS), drawing(TEXTS)
    ended = run(
        1,
        draw(label, [0.5], line=1),
        outcome=drawing(st.sampled_from(Outcome)),
        trace=(seed_set(1, drawing(TEXTS), drawing(TEXTS)),),
        problem=drawing(TEXTS),
        details=drawing(TEXTS),
        notes=(drawing(TEXTS),),
    )
    python = Interpreter(executable="python", python=drawing(TEXTS), packages=(Package("numpy", "NumPy", "2"),))
    shown = Column(
        name=drawing(TEXTS), experiment=None, script=script, interpreter=python, runs=(ended,), trusted=False
    )
    return Lab(columns=(shown,), created=CREATED)
