"""Executes one script as ``python script.py`` would, and reports its draws and seed trace.

Handed to other interpreters as a file: standard library only, Python 3.6 syntax, nothing of seedlab.

    python observe.py run fd:REPORT_FD REQUEST

The report is JSON, one object a line, on the file descriptor REPORT_FD:

    {"event": "source", "kind": "set", "library": "tensorflow", "state": "graph 1", "door": "tf.Graph.seed",
     "file": null, "line": 5, "seed": 0}
    {"event": "use", "library": "tensorflow", "state": "graph 1", "door": "tf.random_seed.get_seed",
     "file": null, "line": 6, "op_seed": null, "seeds": [0, 3]}
    {"event": "unread", "line": 6, "label": "words", "is_text": false}
    {"event": "draw", "line": 9, "label": "op1-1", "dtype": "float32", "shape": [3], "data": base64}
    {"event": "raised", "line": 10, "error": "ValueError: no"}   the script ended with this exception
    {"event": "blind", "door": "numpy.random", "why": "..."}     seeds set there could not be observed
    {"event": "cut"}                                             the report grew too long to go on
"""

import atexit
import base64
import builtins
import fcntl
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import os
import struct
import sys
import types

DTYPES = frozenset({
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float16", "bfloat16", "float32", "float64", "complex64", "complex128",
})  # fmt: skip
MAX_REPORT_BYTES = 256 * 1024 * 1024
MAX_UNREAD_LINES = 10
MAX_LABEL = 200


class Reporter:
    """Writes the report; every method is safe to call from whatever thread the script uses.

    The first ``max_bytes`` are written; after that one last line says that the rest was left out,
    so that a script that prints for ever cannot fill the memory of who reads.
    """

    def __init__(self, fd, script, max_bytes=MAX_REPORT_BYTES):
        self._fd = fd
        self._pid = os.getpid()
        self._script = script
        self._left = max_bytes
        self._section = ""
        self._seen_labels = {}
        self._unread_lines = set()
        self._graphs = []
        self._generators = []

    def _write(self, message):
        # A child that the script forks shares the descriptor; its draws are not this run's.
        if self._left <= 0 or os.getpid() != self._pid:
            return
        data = json.dumps(message).encode("ascii") + b"\n"
        if len(data) > self._left:
            data = b'{"event": "cut"}\n'
            self._left = 0
        self._left -= len(data)
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._fd, view) :]
        except OSError:  # Nobody reads any more, or the script closed what it did not open.
            self._left = 0

    def script_line(self):
        """Line of the nearest frame of the script, or None when the script is not on the stack."""
        frame = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename == self._script:
                return frame.f_lineno
            frame = frame.f_back
        return None

    def source(self, kind, library, state, door, seed=None):
        """Report that a seed was "set", or that entropy was "taken" where there was none."""
        self._write(
            {
                "event": "source",
                "kind": kind,
                "library": library,
                "state": state,
                "door": door,
                "file": None,
                "line": self.script_line(),
                "seed": plain_seed(seed),
            }
        )

    def use(self, library, state, door, op_seed, seeds):
        """Report that an op got a pair of seeds."""
        self._write(
            {
                "event": "use",
                "library": library,
                "state": state,
                "door": door,
                "file": None,
                "line": self.script_line(),
                "op_seed": plain_seed(op_seed),
                "seeds": [plain_seed(seeds[0]), plain_seed(seeds[1])],
            }
        )

    def graph_name(self, graph, is_default):
        # Kept alive on purpose: an id could be used again by another graph.
        if is_default:
            return "default graph"
        for number, known in enumerate(self._graphs, 1):
            if known is graph:
                return "graph %d" % number
        self._graphs.append(graph)
        return "graph %d" % len(self._graphs)

    def generator_name(self, generator):
        self._generators.append(generator)
        return "generator %d" % len(self._generators)

    def printed(self, args):
        """Report the draw, or note the section, that ``print(*args)`` shows."""
        if not args:
            return
        line = self.script_line()
        if line is None:
            return
        label, rest = None, args
        if isinstance(args[0], str):
            label, rest = args[0].strip().rstrip(":").strip(), args[1:]
            if not rest:
                name = named_value(label)
                if name:
                    self._unread(line, name, True)
                elif label and "\n" not in label:
                    self._section = label
                return
        value = array_bits(rest[0] if len(rest) == 1 else rest)
        if value is None:
            if label:
                self._unread(line, label, False)
            return
        label = label[:MAX_LABEL] if label else "line %d" % line
        if self._section:
            label = self._section + "/" + label
        count = self._seen_labels[label] = self._seen_labels.get(label, 0) + 1
        if count > 1:
            label = "%s #%d" % (label, count)
        dtype, shape, data = value
        self._write(
            {
                "event": "draw",
                "line": line,
                "label": label,
                "dtype": dtype,
                "shape": list(shape),
                "data": base64.b64encode(data).decode("ascii"),
            }
        )

    def _unread(self, line, label, is_text):
        """Report, once for a line, that something was printed which cannot be compared to the bit."""
        if line not in self._unread_lines and len(self._unread_lines) < MAX_UNREAD_LINES:
            self._unread_lines.add(line)
            self._write({"event": "unread", "line": line, "label": label[:60], "is_text": is_text})

    def raised(self, kind, error, line):
        text = "%s: %s" % (kind.__name__, str(error)[:2000])
        self._write({"event": "raised", "line": line, "error": text})


def named_value(text):
    """The name in "loss: 0.5", a value made one text before it was printed; "" where it is a heading."""
    for mark in (":", "="):
        name, _, value = text.partition(mark)
        name, value = name.strip(), value.strip()
        is_name = any(letter.isalpha() for letter in name) and not any(letter in name for letter in ":=\n")
        if is_name and value[:1] and value[0] in "+-.[(0123456789" and any(letter.isdigit() for letter in value):
            return name
    return ""


def plain_seed(seed):
    """The seed as an int where it is one, else its shortened text; None stays None."""
    if seed is None:
        return None
    try:
        return int(seed)
    except Exception:  # Arrays, strings, tensors: whatever a library takes for a seed.
        return repr(seed)[:80]


# --- draws: from a printed value to dtype, shape and bytes -------------------------------------


def array_bits(value):
    """(dtype, shape, bytes) of an array-like or numeric value, little-endian and row-major, or None."""
    try:
        return _numpy_bits(value) or _python_bits(value)
    except Exception:  # What cannot be read as numbers is text: the script must not notice the attempt.
        return None


def _numpy_bits(value):
    numpy = sys.modules.get("numpy")
    if numpy is None or not hasattr(numpy, "ndarray"):
        return None
    value = _without_tensors(value, numpy)
    if isinstance(value, (list, tuple)) and not _holds(value, (numpy.ndarray, numpy.generic)):
        return None
    if not isinstance(value, (numpy.ndarray, numpy.generic, list, tuple)):
        return None
    array = numpy.asarray(value)
    if array.dtype.name not in DTYPES:
        return None
    if array.dtype.byteorder == ">":
        array = array.astype(array.dtype.newbyteorder("<"))
    return array.dtype.name, array.shape, array.tobytes()


def _without_tensors(value, numpy):
    """``value`` with eager tensors (of any library that offers ``numpy()``) made arrays."""
    if isinstance(value, (list, tuple)):
        return [_without_tensors(item, numpy) for item in value]
    if not isinstance(value, (numpy.ndarray, numpy.generic)) and hasattr(value, "dtype"):
        return value.numpy()
    return value


def _holds(value, kinds):
    if isinstance(value, (list, tuple)):
        return any(_holds(item, kinds) for item in value)
    return isinstance(value, kinds)


def _python_bits(value):
    shape, numbers = [], value
    while isinstance(numbers, (list, tuple)):
        shape.append(len(numbers))
        if not numbers:
            break
        numbers = numbers[0]
    flat = []
    if not _flatten(value, tuple(shape), flat):
        return None
    kinds = {type(item) for item in flat}
    if kinds == {bool}:
        return "bool", shape, bytes(flat)
    if kinds <= {int, bool} and flat:
        try:
            return "int64", shape, struct.pack("<%dq" % len(flat), *flat)
        except struct.error:
            return "uint64", shape, struct.pack("<%dQ" % len(flat), *flat)
    if complex in kinds:
        parts = [part for item in flat for part in (complex(item).real, complex(item).imag)]
        return "complex128", shape, struct.pack("<%dd" % len(parts), *parts)
    return "float64", shape, struct.pack("<%dd" % len(flat), *flat)


def _flatten(value, shape, flat):
    if not shape:
        flat.append(value)
        return isinstance(value, (bool, int, float, complex))
    if not isinstance(value, (list, tuple)) or len(value) != shape[0]:
        return False
    return all(_flatten(item, shape[1:], flat) for item in value)


# --- seed trace: observed at each library's own door -------------------------------------------


def watch_random(module, reporter):
    """``random.seed``: the only door of the hidden generator behind the module's functions."""
    seed = module.seed

    def traced(a=None, *args, **kwargs):
        reporter.source("taken" if a is None else "set", "python", "global", "random.seed", a)
        return seed(a, *args, **kwargs)

    module.seed = _looking_like(traced, seed)


def watch_numpy(module, reporter):
    """``numpy.random.seed`` (legacy global state) and ``numpy.random.default_rng``."""
    seed = module.seed

    def traced_seed(seed_value=None, *args, **kwargs):
        value = kwargs.get("seed", seed_value)
        reporter.source("taken" if value is None else "set", "numpy", "global", "numpy.random.seed", value)
        return seed(*args, **kwargs) if "seed" in kwargs else seed(seed_value, *args)

    module.seed = _looking_like(traced_seed, seed)
    default_rng = getattr(module, "default_rng", None)  # From NumPy 1.17 on.
    if default_rng is None:
        return

    def traced_default_rng(seed=None):
        generator = default_rng(seed)
        kind = "taken" if seed is None else "set"
        reporter.source(kind, "numpy", reporter.generator_name(generator), "numpy.random.default_rng", seed)
        return generator

    module.default_rng = _looking_like(traced_default_rng, default_rng)


def watch_get_seed(module, reporter):
    """``get_seed`` of tensorflow/python/framework/random_seed.py: every random op asks it for its pair."""
    get_seed = module.get_seed

    def traced(op_seed):
        seeds = get_seed(op_seed)
        if module.context.executing_eagerly():
            on = "eager"
        else:
            graph = module.ops.get_default_graph()
            on = reporter.graph_name(graph, _is_default_graph(module.ops, graph))
        if seeds[0] is None:
            reporter.source("taken", "tensorflow", on, "tf.random_seed.get_seed")
        else:
            reporter.use("tensorflow", on, "tf.random_seed.get_seed", op_seed, seeds)
        return seeds

    module.get_seed = _looking_like(traced, get_seed)


def watch_graph_seed(module, reporter):
    """The ``Graph.seed`` setter of tensorflow/python/framework/ops.py."""
    seed = module.Graph.seed

    def traced(graph, value):
        seed.fset(graph, value)
        # A tf.function's graph copies the eager seed when it is traced, also when there is none to copy.
        if value is not None or type(graph).__name__ != "FuncGraph":
            state = reporter.graph_name(graph, _is_default_graph(module, graph))
            reporter.source("set", "tensorflow", state, "tf.Graph.seed", value)

    module.Graph.seed = property(seed.fget, traced, seed.fdel, seed.__doc__)


def _is_default_graph(ops, graph):
    # The only place that tells the process's default graph from a graph made default by ``with``.
    return ops._default_graph_stack._global_default_graph is graph


def watch_eager_seed(module, reporter):
    """``Context._set_global_seed`` of tensorflow/python/eager/context.py: the eager mode's global seed."""
    set_global_seed = module.Context._set_global_seed

    def traced(context, seed):
        reporter.source("set", "tensorflow", "eager", "tf.random.set_seed", seed)
        return set_global_seed(context, seed)

    module.Context._set_global_seed = _looking_like(traced, set_global_seed)


def _looking_like(traced, original):
    """``traced`` under the name and docstring of ``original``, for whoever prints or inspects it."""
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        if hasattr(original, name):
            setattr(traced, name, getattr(original, name))
    return traced


WATCHED = {
    "random": watch_random,
    "numpy.random": watch_numpy,
    "tensorflow.python.framework.random_seed": watch_get_seed,
    "tensorflow.python.framework.ops": watch_graph_seed,
    "tensorflow.python.eager.context": watch_eager_seed,
    # TensorFlow 1.15 keeps its code under this name.
    "tensorflow_core.python.framework.random_seed": watch_get_seed,
    "tensorflow_core.python.framework.ops": watch_graph_seed,
    "tensorflow_core.python.eager.context": watch_eager_seed,
}


class SeedWatcher(importlib.abc.MetaPathFinder):
    """Puts each watch in place at the moment its module has been executed, and imports nothing itself."""

    def __init__(self, reporter):
        self._reporter = reporter
        self._finding = set()

    def install(self):
        for name in WATCHED:
            if name in sys.modules:
                self.watch(sys.modules[name])
        sys.meta_path.insert(0, self)

    def watch(self, module):
        try:
            WATCHED[module.__name__](module, self._reporter)
        except AttributeError as error:  # A version without this door: the run goes on, and says so.
            self._reporter._write({"event": "blind", "door": module.__name__, "why": str(error)})

    def find_spec(self, fullname, path=None, target=None):
        if fullname not in WATCHED or fullname in self._finding:
            return None
        self._finding.add(fullname)
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._finding.discard(fullname)
        if spec is not None and spec.loader is not None:
            _watch_after_import(spec.loader, self.watch)
        return spec


def _watch_after_import(loader, watch):
    exec_module = loader.exec_module

    def exec_and_watch(module):
        exec_module(module)
        watch(module)

    loader.exec_module = exec_and_watch


# --- the script --------------------------------------------------------------------------------


def watch_print(reporter):
    """Replace ``print`` by one that does the same and then reports what was shown on standard output."""
    original = builtins.print

    def print(*args, **kwargs):
        original(*args, **kwargs)
        if kwargs.get("file") in (None, sys.stdout):
            reporter.printed(args)

    builtins.print = _looking_like(print, original)


def execute(script):
    """Execute the file ``script`` as the main module; returns only when it ended without an exception."""
    with io.open(script, "rb") as file:
        source = file.read()
    main = types.ModuleType("__main__")
    main.__file__ = script
    main.__builtins__ = builtins
    main.__loader__ = importlib.machinery.SourceFileLoader("__main__", script)
    if hasattr(sys.modules["__main__"], "__cached__"):  # No longer from Python 3.15 on.
        main.__cached__ = None
    if sys.version_info < (3, 14):
        main.__annotations__ = {}
    sys.modules["__main__"] = main
    exec(compile(source, script, "exec", dont_inherit=True), main.__dict__)


def run_script(script, reporter):
    """Execute ``script``; an exception is shown as Python would show it, without the worker's frames."""
    try:
        execute(script)
    except SystemExit:
        raise
    except BaseException:
        kind, error, traceback = sys.exc_info()
        while traceback is not None and traceback.tb_frame.f_code.co_filename != script:
            traceback = traceback.tb_next
        reporter.raised(kind, error, _last_line_in(script, error, traceback))
        sys.excepthook(kind, error.with_traceback(traceback), traceback)
        # What a shell says of a process that Ctrl+C ended.
        sys.exit(130 if issubclass(kind, KeyboardInterrupt) else 1)


def _last_line_in(script, error, traceback):
    line = error.lineno if isinstance(error, SyntaxError) and error.filename == script else None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == script:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def release_main():
    """Release the script's globals, those with an underscore first (Objects/moduleobject.c, _PyModule_ClearDict).

    Python does so right after the exit handlers; done as the last of them, the worker is still whole and
    reports what the objects' finalizers print.
    """
    names = sys.modules["__main__"].__dict__
    for private in (True, False):
        for name in list(names):
            if name.startswith("_") is private and name != "__builtins__":
                names[name] = None


def work(fd, script, arguments=()):
    """Execute ``script`` in this process and report on ``fd``; the process has nothing else to do after it."""
    # Out of the way: the first file that the script opens gets the number that it always gets.
    report = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 200)
    os.close(fd)
    sys.argv = [script, *arguments]
    if hasattr(sys, "orig_argv"):  # From Python 3.10 on.
        sys.orig_argv = [sys.orig_argv[0], script, *arguments]
    sys.path.insert(0, os.path.dirname(os.path.abspath(script)))
    reporter = Reporter(report, script)
    watch_print(reporter)
    SeedWatcher(reporter).install()
    # Handlers are called last in, first out: this one comes after all of the script's.
    atexit.register(release_main)
    run_script(script, reporter)


def main(address, request):
    request = json.loads(request)
    work(int(address[len("fd:") :]), request["script"], request["arguments"])
