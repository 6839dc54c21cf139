"""Executes runs as tasks of Dask, in fresh processes beside a worker whose own process stays as it is.

This module and `hosting` come to the worker as text, in a package of their own (`LOADER`), so that it needs no seedlab
and no certain version of Python. Their names are those of their contents: they are loaded once for each worker.

Whoever asked hears of each beginning and end by events of the topic `TOPIC`, which are dicts:

    {"event": "begun", "key": "seedlab-…", "worker": "tcp://…", "host": "node7"}        or "ended"

A run is ended when its task is cancelled, which is also what a scheduler does when the client has gone, and when the
worker closes or has lost its scheduler. When the worker's process ends in any other way, the keeper ends its runs
(`keeping`).
"""

import hashlib
import io
import json
import os
import shutil
import socket
import sys
import tarfile
import threading

from . import hosting, wire

TOPIC = "seedlab"
LOADER = """
import sys, types
def load():
    package = types.ModuleType(name)
    package.__path__ = []
    sys.modules[name] = package
    for part, source in parts["sources"]:
        module = types.ModuleType(name + "." + part)
        module.__package__ = name
        exec(compile(source, "<seedlab " + part + ">", "exec"), module.__dict__)
        setattr(package, part, module)
        sys.modules[module.__name__] = module
load()
"""
"""Loads the package ``name`` from ``parts``; the last of the sources is this module."""
TASK = (
    "(__import__('sys').modules.get(name + '.tasks') or exec(parts['loader'])"
    " or __import__('sys').modules[name + '.tasks']).execute(parts, sent, job)"
)
"""What a task evaluates. Text, because no Python reads the compiled code of another one."""
WANTED_STATES = ("executing", "long-running")
WORKING = ("running", "paused", "closing_gracefully")
_unpacking = threading.Lock()
_has_views = True


def execute(parts, sent, job):
    """Execute ``job``, JSON of a dict as `hosting` takes it, and return what came of it.

    In addition, a job has the ``key`` of its task, the SHA-256 of the packed file as ``packed``, and, where its files
    are in the tar ``sent``, the SHA-256 of that as ``sent``; then paths that begin with ``place`` are in this tar.
    In addition, the result has the ``host``, its ``home``, the ``root`` of the files that were sent, the paths that
    are ``gone`` of those that the run has changed, and whether it ``is_copied``.
    """
    # It is there wherever this is executed, and nothing of it is needed elsewhere.
    worker = sys.modules["distributed"].get_worker()
    job = json.loads(job)
    key = job.pop("key")
    about = {"key": key, "worker": worker.address, "host": socket.gethostname()}

    def is_wanted():
        task = worker.state.tasks.get(key)
        return task is not None and task.state in WANTED_STATES and worker.status.name in WORKING

    worker.log_event(TOPIC, dict(about, event="begun"))
    try:
        result = _executed(parts["packed"], sent, job, worker.local_directory, is_wanted)
        return dict(result, host=about["host"], home=hosting.portable(os.path.expanduser("~")))
    finally:
        worker.log_event(TOPIC, dict(about, event="ended"))


def _executed(packed, sent, job, folder, is_wanted):
    global _has_views
    root = ""
    if hashlib.sha256(packed).hexdigest() != job.pop("packed"):
        return {"why": "damaged", "what": ""}
    if sent is not None:
        digest = job.pop("sent")
        if hashlib.sha256(sent).hexdigest() != digest:
            return {"why": "damaged", "what": ""}
        try:
            root = hosting.portable(unpacked(sent, os.path.join(folder, "seedlab-" + digest[:16])))
        except (OSError, tarfile.TarError) as error:
            return {"why": "unsent", "what": "%s" % (error,)}
        job = _in_place(job, job.pop("place"), root)
    if not is_wanted():
        return {"why": hosting.STOPPED, "what": ""}
    is_copied = bool(job.get("private")) and not _has_views
    result = hosting.execute_here(packed, dict(job, is_copied=is_copied), is_wanted=is_wanted)
    if result["why"] == "unviewed":
        _has_views, is_copied = False, True
        result = hosting.execute_here(packed, dict(job, is_copied=True), is_wanted=is_wanted)
    gone = [what for what in _changed(result["report"]) if not os.path.lexists(hosting.native(what))]
    return dict(result, root=root, gone=gone, is_copied=is_copied)


def unpacked(data, folder):
    """Return ``folder``, which has the files of the tar ``data``; whatever is there with its name is that already."""
    with _unpacking:
        if not os.path.isdir(folder):
            new = folder + ".new"
            shutil.rmtree(new, ignore_errors=True)
            os.mkdir(new, 0o700)
            with tarfile.open(fileobj=io.BytesIO(data), encoding="utf-8", errors="surrogateescape") as packed:
                # Python warns without a filter; the tar is seedlab's own.
                options = {"filter": "fully_trusted"} if hasattr(tarfile, "fully_trusted_filter") else {}
                for member in packed:
                    member.name, member.linkname = hosting.native(member.name), hosting.native(member.linkname)
                    packed.extract(member, new, **options)
            os.rename(new, folder)
    return folder


def _in_place(value, place, root):
    """Return ``value`` of a job with all paths that begin with ``place`` below ``root``."""
    if isinstance(value, dict):
        return {name: _in_place(each, place, root) for name, each in value.items()}
    if isinstance(value, list):
        return [_in_place(each, place, root) for each in value]
    if isinstance(value, str) and value.startswith(place + "/"):
        return root + value[len(place) :]
    return value


def _changed(report):
    """Return the paths in a report's effects."""
    found, start = set(), 0
    while start + wire.HEADER.size <= len(report):
        magic, head_bytes, payload_bytes = wire.HEADER.unpack_from(report, start)
        if magic != wire.MAGIC:
            break
        start += wire.HEADER.size
        if head_bytes <= wire.MAX_HEAD_BYTES and b'"effect"' in report[start : start + head_bytes]:
            try:
                head = json.loads(report[start : start + head_bytes].decode("ascii"))
                if head.get("event") == "effect" and head.get("kind") in ("written", "removed"):
                    found.add(head["what"])
            except (ValueError, KeyError, AttributeError, TypeError):
                pass  # Whatever wrote that was not the observer.
        start += head_bytes + payload_bytes
    return sorted(found)
