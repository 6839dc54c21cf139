"""Executes one script as ``python script.py`` would, and observes it."""

import atexit
import builtins
import importlib.machinery
import io
import os
import sys
import types

from . import wire
from .imports import DoorWatcher
from .observer import Observer
from .places import folder_of
from .printing import watch_print
from .texts import text_of

OWN_FILES = "<seedlab observer: "
"""The prefix of `loader`, repeated because `loader` is not a module that can be imported in the packed file."""
MAX_ERROR = 2000
"""The number of characters kept of an exception's text."""


def execute_request(pack, descriptor, request, observer=None):
    """Execute the script of ``request`` in this process, which must end after it; report to ``descriptor``.

    ``observer`` is one whose doors were installed before; None where none were.
    """
    writer = wire.Writer(wire.out_of_the_way(descriptor), lost_mark=request.get("lost_mark"))
    module = request.get("module")
    if request.get("views"):
        from . import views

        try:
            views.enter(request["views"])
        except views.ViewError:
            writer.write({"event": "unviewed"})
            return
    script = _enter(request)
    is_new = observer is None
    if is_new:
        observer = Observer()
    observer.begin(
        writer, script, request.get("holds", ()), request.get("turns", ()), None if module is None else os.getcwd()
    )
    watch_print(observer)
    if is_new and not request.get("is_plain"):
        DoorWatcher(pack, observer).install()
    if request.get("audits"):
        from .effects import watch_effects

        watch_effects(observer)
    # Exit handlers are called last in, first out, so this one comes after all of the script's.
    atexit.register(release_main)
    run_script(script, module, observer)


def _enter(request):
    """Make the process look as if started by ``python script.py ARGUMENTS`` in the request's folder and environment.

    Return the name under which the script's code is known.
    """
    script, module = request["script"], request.get("module")
    name = request.get("name", script)
    for name, value in request.get("environment", {}).items():
        os.environ[name] = value
    if request.get("folder") is not None:
        os.chdir(request["folder"])
    arguments = list(request.get("arguments", ()))
    sys.argv = [script if module is not None else name] + arguments
    if hasattr(sys, "orig_argv"):  # From Python 3.10 on.
        sys.orig_argv = [sys.orig_argv[0]] + (["-m", module] if module is not None else [name]) + arguments
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, folder_of(script) if module is None else os.getcwd())
    # Until Python 3.9, a script is known as it was named.
    return name if module is None and sys.version_info < (3, 9) else script


def execute(script, module=None):
    """Execute the file ``script`` as the main module; raise whatever it raises.

    With ``module``, its dotted name, it is executed as by ``python -m`` (Lib/runpy.py, _run_module_as_main).
    """
    main = types.ModuleType("__main__")
    main.__builtins__ = builtins
    if sys.version_info < (3, 14):
        main.__annotations__ = {}
    has_cached = hasattr(sys.modules["__main__"], "__cached__")  # No longer from Python 3.15 on.
    if module is None:
        with io.open(script, "rb") as file:
            source = file.read()
        main.__file__ = script
        main.__loader__ = importlib.machinery.SourceFileLoader("__main__", script)
        if has_cached:
            main.__cached__ = None
        sys.modules["__main__"] = main
        code = compile(source, script, "exec", dont_inherit=True)
    else:
        import runpy

        _, spec, code = runpy._get_module_details(module)
        main.__file__ = sys.argv[0] = spec.origin
        main.__loader__ = spec.loader
        main.__package__ = spec.parent
        main.__spec__ = spec
        if has_cached:
            main.__cached__ = spec.cached
        sys.modules["__main__"] = main
    exec(code, main.__dict__)


def run_script(script, module, observer):
    """Execute ``script``, and show an exception as Python would, without the observer's frames."""
    try:
        execute(script, module)
    except SystemExit:
        raise
    except BaseException:
        kind, error, traceback = sys.exc_info()
        while traceback is not None and traceback.tb_frame.f_code.co_filename != script:
            traceback = traceback.tb_next
        text = "%s: %s" % (kind.__name__, text_of(error)[:MAX_ERROR])
        observer.write({"event": "raised", "line": _last_line_in(script, error, traceback), "error": text})
        error.__traceback__ = traceback
        _leave_out_own_frames(error)
        sys.excepthook(kind, error, error.__traceback__)
        # 130 is the status that a shell gives to a process that Ctrl+C ended.
        sys.exit(130 if issubclass(kind, KeyboardInterrupt) else 1)


def _leave_out_own_frames(error):
    """Remove the frames of stand-ins from the tracebacks of ``error``, its causes and its contexts."""
    if sys.version_info < (3, 7):  # Tracebacks cannot be changed there.
        return
    seen, waiting = set(), [error]
    while waiting:
        error = waiting.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        error.__traceback__ = _without_own_frames(error.__traceback__)
        waiting += [error.__cause__, error.__context__]


def _without_own_frames(traceback):
    kept = []
    while traceback is not None:
        if not traceback.tb_frame.f_code.co_filename.startswith(OWN_FILES):
            kept.append(traceback)
        traceback = traceback.tb_next
    for entry, after in zip(kept, kept[1:] + [None]):
        entry.tb_next = after
    return kept[0] if kept else None


def _last_line_in(script, error, traceback):
    line = error.lineno if isinstance(error, SyntaxError) and error.filename == script else None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == script:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def release_main():
    """Release the script's globals, those with an underscore first (Objects/moduleobject.c, _PyModule_ClearDict).

    Python does this right after the exit handlers. As the last of these handlers, it runs while the observer still
    works, and can report what the objects' finalizers print.
    """
    names = sys.modules["__main__"].__dict__
    for private in (True, False):
        for name in list(names):
            if name.startswith("_") is private and name != "__builtins__":
                names[name] = None
