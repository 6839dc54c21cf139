"""Installs the watch of each door as soon as its module has been executed, and imports nothing itself."""

import sys


class DoorWatcher:
    """A finder of modules that comes first, and loads a library's doors when one of their modules is imported.

    It has no base class, because importing `importlib.abc` takes as long as the rest of the observer.
    """

    def __init__(self, pack, observer):
        self._pack = pack
        self._observer = observer
        self._doors = {}
        for door, modules, library in pack.doors:
            for module in modules:
                self._doors.setdefault(module, []).append((door, library))

    def install(self):
        """Watch the modules that are already imported, and those that will be."""
        for name in self._doors:
            if name in sys.modules:
                self._watch(name, sys.modules[name])
        sys.meta_path.insert(0, self)

    def _watch(self, name, module):
        for door, library in self._doors[name]:
            try:
                watch = next(entry[2] for entry in self._pack.load(library).DOORS if entry[0] == door)
                watch(module, self._observer)
            except Exception as error:  # This version of the library has no such door: the run goes on, with a note.
                self._observer.blind(door, error)

    def find_spec(self, fullname, path=None, target=None):
        """Return the spec of a watched module, whose loader then installs the watches; None for other modules."""
        if fullname not in self._doors:
            return None
        spec = self._find_without(fullname, path, target)
        if spec is not None and spec.loader is not None:
            self._watch_after_import(fullname, spec.loader)
        return spec

    def _find_without(self, fullname, path, target):
        """Return the spec that the other finders find (Lib/importlib/_bootstrap.py, _find_spec), or None."""
        for finder in list(sys.meta_path):
            find_spec = getattr(finder, "find_spec", None)
            if finder is not self and find_spec is not None:
                spec = find_spec(fullname, path, target)
                if spec is not None:
                    return spec
        return None

    def _watch_after_import(self, name, loader):
        exec_module = loader.exec_module

        def exec_and_watch(module):
            exec_module(module)
            self._watch(name, module)

        loader.exec_module = exec_and_watch
