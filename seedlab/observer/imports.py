"""Puts each door's watch in place at the moment its module has been executed, and imports nothing itself."""

import importlib.abc
import importlib.util
import sys


class DoorWatcher(importlib.abc.MetaPathFinder):
    """Stands first among the finders of modules. A library's doors are loaded when a module of theirs is there."""

    def __init__(self, pack, observer):
        self._pack = pack
        self._observer = observer
        self._finding = set()
        self._doors = {}
        for door, modules, library in pack.doors:
            for module in modules:
                self._doors.setdefault(module, []).append((door, library))

    def install(self):
        for name in self._doors:
            if name in sys.modules:
                self._watch(name, sys.modules[name])
        sys.meta_path.insert(0, self)

    def _watch(self, name, module):
        for door, library in self._doors[name]:
            try:
                watch = next(entry[2] for entry in self._pack.load(library).DOORS if entry[0] == door)
                watch(module, self._observer)
            except Exception as error:  # A version without this door: the run goes on, and says so.
                self._observer.blind(door, error)

    def find_spec(self, fullname, path=None, target=None):
        if fullname not in self._doors or fullname in self._finding:
            return None
        self._finding.add(fullname)
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            self._finding.discard(fullname)
        if spec is not None and spec.loader is not None:
            self._watch_after_import(fullname, spec.loader)
        return spec

    def _watch_after_import(self, name, loader):
        exec_module = loader.exec_module

        def exec_and_watch(module):
            exec_module(module)
            self._watch(name, module)

        loader.exec_module = exec_and_watch
