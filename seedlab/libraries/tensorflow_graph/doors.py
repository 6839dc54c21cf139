"""Observes the seeds of TensorFlow, those of graphs, eager mode and every random op, and finds its devices."""


def watch_get_seed(module, observer):
    """Observe ``get_seed`` of tensorflow/python/framework/random_seed.py: every random op asks it for its pair."""
    get_seed = module.get_seed

    def observed(op_seed):
        seeds = get_seed(op_seed)
        if module.context.executing_eagerly():
            state = "eager"
        else:
            state = _name_of_graph(module.ops, module.ops.get_default_graph(), observer)
        if seeds[0] is None:
            observer.source("taken", "tensorflow", state, "tf.random_seed.get_seed")
        else:
            observer.use("tensorflow", state, "tf.random_seed.get_seed", op_seed, seeds)
        return seeds

    module.get_seed = observer.stand_in(get_seed, observed)


def watch_graph_seed(module, observer):
    """Observe the ``Graph.seed`` setter of tensorflow/python/framework/ops.py."""
    seed = module.Graph.seed

    def observed(graph, value):
        seed.fset(graph, value)
        # A tf.function's graph copies the eager seed when it is traced, also when there is none to copy.
        if value is not None or type(graph).__name__ != "FuncGraph":
            state = _name_of_graph(module, graph, observer)
            observer.source("set", "tensorflow", state, "tf.Graph.seed", value)

    module.Graph.seed = property(seed.fget, observed, seed.fdel, seed.__doc__)


def _name_of_graph(ops, graph, observer):
    # Nothing else tells the process's default graph from a graph made default by ``with``.
    if ops._default_graph_stack._global_default_graph is graph:
        return "default graph"
    return observer.name_of("graph", graph)


def watch_eager_seed(module, observer):
    """Observe ``Context._set_global_seed`` of tensorflow/python/eager/context.py: the eager mode's global seed."""
    set_global_seed = module.Context._set_global_seed

    def observed(context, seed):
        observer.source("set", "tensorflow", "eager", "tf.random.set_seed", seed)
        return set_global_seed(context, seed)

    module.Context._set_global_seed = observer.stand_in(set_global_seed, observed)


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
