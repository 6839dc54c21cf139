"""The head of the packed file, which executes the modules packed below it when they are first imported.

The modules never appear in `sys.modules`, where a script could find them. Their compiled code is kept beside the
file for each interpreter, as Python keeps the compiled code of modules in ``__pycache__``.
"""

import sys

PREFIX = "<seedlab observer: "
"""The beginning of the file names of all observing code; its frames are left out of the tracebacks that users see."""


class Pack:
    """The packed modules, with the library that each door, renewal and look for devices belongs to."""

    def __init__(self, sources, doors, renewals, devices, file=None):
        """Take the packed ``sources``, a dict from module names to texts.

        ``doors`` lists (door, watched modules, library's module); ``renewals`` maps names, and ``devices``
        packages, to libraries' modules; ``file`` is the path of the packed file.
        """
        self.doors = doors
        self._sources = sources
        self._renewals = renewals
        self._devices = devices
        self._modules = {}
        self._codes = {}
        self._file = file
        self._package = type(sys)("_seedlab")
        self._builtins = None

    def load(self, name):
        """Return the module ``name``, after executing it if this is the first time."""
        module = self._modules.get(name)
        if module is None:
            module = self._modules[name] = type(sys)("_seedlab." + name)
            module.__dict__["__builtins__"] = self._builtins
            exec(self._codes.get(name) or self._compile(name), module.__dict__)
            setattr(self._package, name, module)
        return module

    def renewal(self, name):
        """Return the function that renews the random state called ``name``. Raise LookupError if there is none."""
        if name not in self._renewals:
            raise LookupError("seedlab has no renewal called %r" % (name,))
        return self.load(self._renewals[name]).RENEWALS[name]

    def renewal_names(self):
        return sorted(self._renewals)

    def devices(self, package):
        """Return the function that imports ``package`` and returns its devices. Raise KeyError if there is none."""
        return self.load(self._devices[package]).DEVICES[package]

    def packages_with_devices(self):
        return sorted(self._devices)

    def open(self):
        """Prepare to load modules, with compiled code from beside the file if there is any."""
        import builtins

        original = builtins.__import__

        def import_packed(name, globals=None, locals=None, fromlist=(), level=0):
            if not level:
                return original(name, globals, locals, fromlist, level)
            if name:
                return self.load(name)
            for part in fromlist:
                self.load(part)
            return self._package

        # The observer has its own copy of builtins, so that a script's changes to them do not affect it.
        self._builtins = dict(builtins.__dict__)
        self._builtins["__import__"] = import_packed
        path = self._code_path()
        if path is not None and not self._read_codes(path) and not sys.dont_write_bytecode:
            self._write_codes(path)

    def _compile(self, name):
        return compile(self._sources[name], PREFIX + name + ">", "exec", dont_inherit=True)

    def _code_path(self):
        tag = getattr(sys.implementation, "cache_tag", None)
        # A file that is read from standard input has the name "<stdin>" or none.
        if not self._file or self._file.startswith("<") or not tag:
            return None
        level = ".opt-%d" % sys.flags.optimize if sys.flags.optimize else ""
        return "%s.%s-%x%s.code" % (self._file, tag, sys.hexversion, level)

    def _read_codes(self, path):
        import marshal

        try:
            with open(path, "rb") as file:
                codes = marshal.loads(file.read())
            if set(codes) != set(self._sources):
                return False
        except (OSError, ValueError, EOFError, TypeError):
            return False
        self._codes = codes
        return True

    def _write_codes(self, path):
        import marshal
        import os

        self._codes = {name: self._compile(name) for name in self._sources}
        temporary = "%s.%d" % (path, os.getpid())
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError:
            return
        try:
            with open(descriptor, "wb") as file:
                file.write(marshal.dumps(self._codes))
            os.replace(temporary, path)
        except OSError:
            try:
                os.unlink(temporary)
            except OSError:
                pass


def start(sources, doors, renewals, devices, file):
    """Carry out the command line of this process; the packed file ends with a call of this."""
    # Python has put this file's folder where the script's belongs; nothing may be imported from it.
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]
    pack = Pack(sources, doors, renewals, devices, file)
    pack.open()
    pack.load("main").main(pack, sys.argv[1:])
