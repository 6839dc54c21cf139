"""The form of the document that is written."""

import math

from seedlab import __version__
from seedlab.documents.writing import to_json
from seedlab.libraries.presets import PRESETS
from seedlab.libraries.registry import script_of
from seedlab.results.environment import Device, Interpreter
from seedlab.results.run import Draw, Outcome
from seedlab.study.lab import Lab, View
from tests.helpers.documents import CREATED, plain
from tests.helpers.interpreters import interpreter
from tests.helpers.values import column, draw, run, runs, seed_set, seed_used

# --- the form ----------------------------------------------------------------------------------


def test_the_document_has_the_documented_form() -> None:
    preset = PRESETS["before-graph"]
    script = script_of(preset.experiment).text
    trace = (seed_set(5, "default graph", 0), seed_used(7, "graph 1", None, None), seed_used(8, "graph 1", 1, (0, 1)))
    first = run(1, draw("op1-1", [0.5, -1.5], line=10, events_before=3), trace=trace, text="op1-1: [0.5 -1.5]\n")
    second = run(2, outcome=Outcome.FAILED, problem="line 9: no", details="Traceback", notes=("a note",))
    python = interpreter("/bin/python", "3.11.7", numpy="2.0", tensorflow="2.21.0", devices=(Device("CPU:0"),))
    made = column(first, second, name="before", script=script, experiment=preset.experiment, interpreter=python)
    assert plain(Lab(columns=(made,), created=CREATED, view=View("values"))) == {
        "format": "seedlab",
        "version": 2,
        "created": "2024-05-06T07:08:09Z",
        "seedlab": __version__,
        "view": {"look": "values", "current": 0},
        "experiments": [
            {
                "name": "before",
                "experiment": {
                    "library": "tensorflow-graph",
                    "placement": "before-graph",
                    "graph_seed": 0,
                    "op_seed": 1,
                    "device": "auto",
                    "sample_size": 3,
                    "draws_per_op": 2,
                    "sessions": 1,
                    "distribution": "normal",
                    "extra": "nothing",
                },
                "script": script,
                "interpreter": {
                    "executable": "/bin/python",
                    "python": "3.11.7",
                    "packages": {"numpy": "2.0", "tensorflow": "2.21.0"},
                    "device": "auto",
                    "devices": [{"name": "CPU:0", "about": ""}],
                    "no_gpu_reason": "",
                    "problem": "",
                },
                "runs": [
                    {
                        "index": 1,
                        "outcome": "finished",
                        "start": "cold",
                        "start_reason": "",
                        "seconds": 0.5,
                        "text": "op1-1: [0.5 -1.5]\n",
                        "problem": "",
                        "details": "",
                        "notes": [],
                        "draws": [
                            {
                                "label": "op1-1",
                                "dtype": "float32",
                                "shape": [2],
                                "values": [0.5, -1.5],
                                "line": 10,
                                "events_before": 3,
                            }
                        ],
                        "trace": [
                            {
                                "event": "source",
                                "kind": "set",
                                "library": "tensorflow",
                                "state": "default graph",
                                "door": "tf.Graph.seed",
                                "file": None,
                                "line": 5,
                                "seed": 0,
                            },
                            {
                                "event": "source",
                                "kind": "taken",
                                "library": "tensorflow",
                                "state": "graph 1",
                                "door": "tf.random_seed.get_seed",
                                "file": None,
                                "line": 7,
                                "seed": None,
                            },
                            {
                                "event": "use",
                                "library": "tensorflow",
                                "state": "graph 1",
                                "door": "tf.random_seed.get_seed",
                                "file": None,
                                "line": 8,
                                "op_seed": 1,
                                "seeds": [0, 1],
                            },
                        ],
                    },
                    {
                        "index": 2,
                        "outcome": "failed",
                        "start": "cold",
                        "start_reason": "",
                        "seconds": 0.5,
                        "text": "",
                        "problem": "line 9: no",
                        "details": "Traceback",
                        "notes": ["a note"],
                        "draws": [],
                        "trace": [],
                    },
                ],
                "comparison": [{"label": "op1-1", "runs": 1, "distinct": 1, "verdict": "one run"}],
            }
        ],
    }


def test_a_persons_own_script_has_no_experiment_and_perhaps_no_interpreter() -> None:
    (written,) = plain(Lab.of([column(name="own.py", script="print(1)\n")]))["experiments"]
    assert (written["experiment"], written["interpreter"]) == (None, None)
    assert (written["runs"], written["comparison"]) == ([], [])
    python = Interpreter(executable="python", python="3.6.0")
    (written,) = plain(Lab.of([column(interpreter=python)]))["experiments"]
    assert written["interpreter"]["device"] is None


def test_the_comparison_counts_runs_and_distinct_values() -> None:
    (written,) = plain(Lab.of([column(*runs({"x": 1}, {"x": 2}, {"x": 2}))]))["experiments"]
    assert written["comparison"] == [{"label": "x", "runs": 3, "distinct": 2, "verdict": "differs"}]


def test_a_seed_is_written_however_large_it_is() -> None:
    # numpy advises default_rng(secrets.randbits(128)).
    events = (seed_set(1, "generator 1", 2**128 - 1), seed_set(2, "python", "'text'"), seed_set(None, "numpy", None))
    ((ended,),) = [written["runs"] for written in plain(Lab.of([column(run(1, trace=events))]))["experiments"]]
    assert [event["seed"] for event in ended["trace"]] == [2**128 - 1, "'text'", None]


def test_the_document_is_readable_text() -> None:
    data = to_json(Lab.of([column(*runs({"Würfel": range(100)}), name="≠")]))
    assert data.endswith(b"\n")
    assert "Würfel" in data.decode()
    assert 20 < len(data.splitlines()) < 60, "the values of a draw stand on one line"


def test_what_only_a_file_system_can_name_is_escaped() -> None:
    python = Interpreter(executable="/\udcff/python", python="3.6.0")
    (written,) = plain(Lab.of([column(name="\udcff.py", interpreter=python)]))["experiments"]
    assert (written["name"], written["interpreter"]["executable"]) == ("\\udcff.py", "/\\udcff/python")


def test_bytes_are_written_only_where_the_values_do_not_give_them_back() -> None:
    quiet = draw("x", [1.5, math.nan, math.inf, -0.0])
    odd = Draw("y", "float32", (1,), b"\x01\x00\xc0\xff")
    (written,) = plain(Lab.of([column(run(1, quiet, odd))]))["experiments"]
    first, second = written["runs"][0]["draws"]
    assert "data" not in first
    assert (second["values"], second["data"]) == (["nan"], "AQDA/w==")
