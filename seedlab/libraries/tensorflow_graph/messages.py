"""The words for what the rules of TensorFlow's ops find."""

from seedlab.evidence.finding import Finding, Wording
from seedlab.phrases import following, listed, noted, sentence


def _op(finding: Finding) -> str:
    # A label such as ``4`` names no op.
    return str(finding["op"]) or sentence("the op")


def _by_graph(finding: Finding, *, eager: str, default: str, function: str, this: str, numbered: str) -> str:
    """Return the sentence that is about the finding's graph; ``numbered`` has the parameter ``{graph_number}``."""
    texts = {"eager": eager, "default": default, "function": function, "only": this, "numbered": numbered}
    return sentence(texts[str(finding["graph"])], **finding.parameters)


def _graph_seed_was_set(finding: Finding) -> str:
    if finding["line"] is None:
        return _by_graph(
            finding,
            eager=noted("Global seed {seed} was set outside the script, in eager mode."),
            default=noted("Graph seed {seed} was set outside the script, on the default graph."),
            function=noted("Global seed {seed} was set outside the script, in a tf.function."),
            this=noted("Graph seed {seed} was set outside the script, on this graph."),
            numbered=noted("Graph seed {seed} was set outside the script, on graph {graph_number}."),
        )
    return _by_graph(
        finding,
        eager=noted("Global seed {seed} was set at line {line}, in eager mode."),
        default=noted("Graph seed {seed} was set at line {line}, on the default graph."),
        function=noted("Global seed {seed} was set at line {line}, in a tf.function."),
        this=noted("Graph seed {seed} was set at line {line}, on this graph."),
        numbered=noted("Graph seed {seed} was set at line {line}, on graph {graph_number}."),
    )


def _kept(finding: Finding) -> list[str]:
    """Return a sentence for each seed that TensorFlow does not keep as it was given."""
    seeds = {finding.get(name): finding.get(f"{name}_kept") for name in ("seed", "op_seed")}
    text = noted("TensorFlow keeps seed {seed} as {kept}.")
    return [sentence(text, seed=seed, kept=kept) for seed, kept in seeds.items() if kept is not None]


def _graph_seed(finding: Finding) -> str:
    pair_sentence = sentence(
        "It gives {op} the pair {pair}, the same in every run.", op=_op(finding), pair=finding["pair"]
    )
    return following(_graph_seed_was_set(finding), pair_sentence, *_kept(finding))


def _both_seeds(finding: Finding) -> str:
    pair_sentence = sentence(
        "With op seed {op_seed} it gives {op} the pair {pair}, the same in every run.",
        **finding.parameters | {"op": _op(finding)},
    )
    return following(_graph_seed_was_set(finding), pair_sentence, *_kept(finding))


def _unobserved_graph_seed(finding: Finding) -> str:
    text = noted("A graph seed that was not observed gives {op} the pair {pair}, the same in every run.")
    if _is_eager(finding):
        text = noted("A global seed that was not observed gives {op} the pair {pair}, the same in every run.")
    return sentence(text, op=_op(finding), pair=finding["pair"])


def _op_seed(finding: Finding) -> str:
    text = noted(
        "Op seed {op_seed} is enough: without a graph seed it gives {op} the pair {pair}, the same in every run."
    )
    if _is_eager(finding):
        text = noted(
            "Op seed {op_seed} is enough: without a global seed it gives {op} the pair {pair}, the same in every run."
        )
    return following(sentence(text, **finding.parameters | {"op": _op(finding)}), *_kept(finding))


def _too_late(finding: Finding) -> str:
    texts = {
        (False, False): noted(
            "Graph seed {seed} was set at line {line}, after {op} was made: {op} draws from the system, "
            "anew in every run."
        ),
        (False, True): noted(
            "Graph seed {seed} was set outside the script, after {op} was made: {op} draws from the "
            "system, anew in every run."
        ),
        (True, False): noted(
            "Global seed {seed} was set at line {line}, after {op} had drawn: {op} draws from the "
            "system, anew in every run."
        ),
        (True, True): noted(
            "Global seed {seed} was set outside the script, after {op} had drawn: {op} draws from the "
            "system, anew in every run."
        ),
    }
    text = texts[_is_eager(finding), finding["line"] is None]
    return sentence(text, **finding.parameters | {"op": _op(finding)})


def _is_eager(finding: Finding) -> bool:
    """Return True where TensorFlow's documentation calls the seed a global one."""
    return finding["graph"] in ("eager", "function")


def _other_graph(finding: Finding) -> str:
    consequence = sentence(
        "That is not the graph of {op}, which draws from the system, anew in every run.", op=_op(finding)
    )
    return following(_graph_seed_was_set(finding), consequence)


def _no_seed(finding: Finding) -> str:
    return sentence("No seed was set for {op}: it draws from the system, anew in every run.", op=_op(finding))


def _set(finding: Finding) -> str:
    return _by_graph(
        finding,
        eager=noted("set in eager mode"),
        default=noted("set on the default graph"),
        function=noted("set in a tf.function"),
        this=noted("set on this graph"),
        numbered=noted("set on graph {graph_number}"),
    )


def _set_unused(finding: Finding) -> str:
    return _by_graph(
        finding,
        eager=noted("set in eager mode: no op used it"),
        default=noted("set on the default graph: no op used it"),
        function=noted("set in a tf.function: no op used it"),
        this=noted("set on this graph: no op used it"),
        numbered=noted("set on graph {graph_number}: no op used it"),
    )


def _numbering(finding: Finding) -> str:
    ops = finding["ops"]
    assert isinstance(ops, tuple)
    return sentence(
        "{ops} without an op seed: TensorFlow up to 2.1 counts all operations of the graph, which gives {first} the "
        "pair {older}, and from 2.2 on random ops without a seed, which gives it {newer}.",
        ops=listed(list(map(str, ops))),
        first=finding["first"],
        older=finding["older"],
        newer=finding["newer"],
    )


SENTENCES: dict[str, Wording] = {
    "tensorflow.numbering": _numbering,
    "tensorflow.graph-seed": _graph_seed,
    "tensorflow.both-seeds": _both_seeds,
    "tensorflow.unobserved-graph-seed": _unobserved_graph_seed,
    "tensorflow.op-seed": _op_seed,
    "tensorflow.too-late": _too_late,
    "tensorflow.other-graph": _other_graph,
    "tensorflow.no-seed": _no_seed,
    "tensorflow.pair": noted("pair {pair}"),
    "tensorflow.from-system": noted("no seed: draws from the system"),
    "tensorflow.set": _set,
    "tensorflow.set-unused": _set_unused,
    "tensorflow.set-too-late": noted("too late: no op used it"),
}
SOURCES = {
    "tf.random_seed.get_seed": noted("TensorFlow's random ops"),
    "tf op seed": noted("the op"),
    "tf stateless seed": noted("the stateless op"),
}
REASONS = {
    "tensorflow.graph-seed": noted("the seed reached it"),
    "tensorflow.both-seeds": noted("the seed and the op seed reached it"),
    "tensorflow.unobserved-graph-seed": noted("the seed reached it"),
    "tensorflow.op-seed": noted("its own op seed is enough"),
    "tensorflow.too-late": noted("the seed was set after the op was made"),
    "tensorflow.other-graph": noted("the seed was set on another graph"),
    "tensorflow.no-seed": noted("no seed reached it"),
}
