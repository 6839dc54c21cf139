"""Observes, holds and turns the seeds of TensorFlow's graphs, eager mode and ops, and finds its devices."""

TENSORFLOW = ("tensorflow.", "tensorflow_core.")
"""What the names of TensorFlow's modules begin with; the second is that of TensorFlow 1.15."""
KERAS = ("tensorflow.python.keras.", "tensorflow_core.python.keras.")
GET_SEED = "tf.random_seed.get_seed"
GRAPH_SEED = "tf.Graph.seed"
EAGER_SEED = "tf.random.set_seed"
OP_SEED = "tf op seed"
WRAPPERS = ("util.traceback_utils", "util.dispatch", "util.deprecation", "autograph.impl.api")
"""Modules whose functions wrap those that a script calls."""
_SETTERS = tuple(
    root + "python." + name for root in TENSORFLOW for name in ("framework.random_seed", "util.", "autograph.")
)
"""Modules that lie between the setter of a graph's seed and the code that sets it."""


def watch_get_seed(module, observer):
    """Observe ``get_seed`` of tensorflow/python/framework/random_seed.py: every random op asks it for its pair."""
    get_seed = module.get_seed

    def asked(op_seed):
        # What Keras gives its ops by itself is no seed of the script's.
        if op_seed is None or observer.places.nearest_outside(TENSORFLOW, KERAS) != "":
            return get_seed(op_seed)
        value = observer.value("set", OP_SEED)
        observer.source("set", "tensorflow", "op", OP_SEED, op_seed)
        return get_seed(op_seed if value is None else value.seed())

    def observed(op_seed):
        try:
            seeds = asked(op_seed)
        except RuntimeError:
            # Where ops are to be deterministic, those without any seed are refused.
            if op_seed is not None or "sources" not in observer.holds:
                raise
            seeds = None, None
        state = _state(module, observer)
        if seeds[0] is not None:
            observer.use("tensorflow", state, GET_SEED, op_seed, seeds)
            return seeds
        value = observer.value("taken", GET_SEED)
        observer.source("taken", "tensorflow", state, GET_SEED)
        return seeds if value is None else tuple(number + 1 for number in value.numbers(2, 30))

    module.get_seed = observer.stand_in(get_seed, observed)


def _state(module, observer):
    """Return the name of the state whose seed an op that is made now gets."""
    if module.context.executing_eagerly():
        return "eager"
    return _name_of_graph(module.ops, module.ops.get_default_graph(), observer)


def _name_of_graph(ops, graph, observer):
    """Return the name of ``graph``; of a function's graph that of the graph whose seed it has copied."""
    if graph.building_function:
        if ops.executing_eagerly_outside_functions():
            return "function"
        while graph.building_function:
            graph = getattr(graph, "outer_graph", None) or graph._outer_graph
    # Nothing else tells the process's default graph from a graph made default by ``with``.
    if ops._default_graph_stack._global_default_graph is graph:
        return "default graph"
    return observer.name_of("graph", graph)


def watch_graph_seed(module, observer):
    """Observe the ``Graph.seed`` setter of tensorflow/python/framework/ops.py."""
    seed = module.Graph.seed

    def observed(graph, value):
        setter = observer.places.nearest_outside(_SETTERS)
        if setter is not None and setter.startswith(TENSORFLOW):
            # Copied by TensorFlow to the graph of a function.
            seed.fset(graph, value)
            return
        other = None if value is None else observer.value("set", GRAPH_SEED)
        seed.fset(graph, value if other is None else other.seed())
        observer.source("set", "tensorflow", _name_of_graph(module, graph, observer), GRAPH_SEED, value)

    module.Graph.seed = property(seed.fget, observed, seed.fdel, seed.__doc__)


def watch_eager_seed(module, observer):
    """Observe ``Context._set_global_seed`` of tensorflow/python/eager/context.py: the eager mode's global seed."""
    set_global_seed = module.Context._set_global_seed

    def observed(context, seed):
        value = None if seed is None else observer.value("set", EAGER_SEED)
        observer.source("set", "tensorflow", "eager", EAGER_SEED, seed)
        # It makes a generator of Python's, which is no source of its own.
        return observer.quietly(set_global_seed, context, seed if value is None else value.seed())

    module.Context._set_global_seed = observer.stand_in(set_global_seed, observed)


def watch_generated_code(module, observer):
    """Find the script's lines in what autograph makes of them (tensorflow/python/util/tf_stack.py)."""
    stacks = module._source_mapper_stacks

    def origins(thread):
        stack = stacks.get(thread)
        return stack[-1].get_effective_source_map() if stack else None

    observer.places.origins = origins
    observer.places.wrappers.update(root + "python." + name for root in TENSORFLOW for name in WRAPPERS)


def hold_surroundings(module, observer):
    """Hold how TensorFlow computes (tensorflow/python/framework/config.py); neither executes an op."""
    observer.on_begin(lambda: _hold_now(module, observer))


def _hold_now(module, observer):
    if "op determinism" in observer.holds:
        module.enable_op_determinism()
    if "one thread" in observer.holds:
        module.set_intra_op_parallelism_threads(1)
        module.set_inter_op_parallelism_threads(1)


# The second name of each module is the one in TensorFlow 1.15.
DOORS = (
    (
        "tf.random_seed.get_seed",
        ("tensorflow.python.framework.random_seed", "tensorflow_core.python.framework.random_seed"),
        watch_get_seed,
    ),
    (
        "tf.Graph.seed",
        ("tensorflow.python.framework.ops", "tensorflow_core.python.framework.ops"),
        watch_graph_seed,
    ),
    (
        "tf.random.set_seed",
        ("tensorflow.python.eager.context", "tensorflow_core.python.eager.context"),
        watch_eager_seed,
    ),
    (
        "tf.tf_stack",
        ("tensorflow.python.util.tf_stack", "tensorflow_core.python.util.tf_stack"),
        watch_generated_code,
    ),
    ("tf.config", ("tensorflow.python.framework.config", "tensorflow_core.python.framework.config"), hold_surroundings),
)
RENEWALS = {}


def look_for_devices():
    """Import TensorFlow; return its devices and the reason for having no GPU, as facts for the answer of a probe."""
    import tensorflow

    config = getattr(tensorflow, "config", None)
    list_devices = getattr(config, "list_physical_devices", None) or config.experimental.list_physical_devices
    found = []
    counts = {}
    for device in list_devices():
        kind = device.device_type
        if kind not in ("CPU", "GPU", "TPU"):
            continue
        number = counts[kind] = counts.get(kind, -1) + 1
        found.append({"name": "%s:%d" % (kind, number), "about": _describe(config, device)})
    reason = ""
    if "GPU" not in counts:
        built = tensorflow.test.is_built_with_cuda() or getattr(tensorflow.test, "is_built_with_rocm", bool)()
        reason = "TensorFlow sees no GPU on this machine" if built else "this TensorFlow was built without GPU support"
    return {"devices": found, "no_gpu_reason": reason}


def _describe(config, device):
    """Return the name of the hardware behind ``device``, or "" when TensorFlow does not know it."""
    details = getattr(config.experimental, "get_device_details", None)  # From TensorFlow 2.3 on.
    return (details(device) or {}).get("device_name", "") if details else ""


DEVICES = {"tensorflow": look_for_devices}
