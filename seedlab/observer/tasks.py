"""Executes runs as tasks of Dask, in fresh processes beside a worker whose own process stays as it is.

Nothing is installed there. A task is `TASK`, text that any Python evaluates. What it needs is kept in the folder of the
worker, in files that are called by the SHA-256 of their contents: the modules that execute runs, which become a package
of their own, and the folders of scripts. Where one is missing, the task says so, and it is sent to that worker.

Whoever asked hears of each beginning and end by events of the topic `TOPIC`, which are dicts:

    {"event": "begun", "key": "seedlab-…", "worker": "tcp://…", "host": "node7"}        or "ended"

A run is ended when its task is cancelled, which is also what a scheduler does when the client has gone, and when the
worker closes or has lost its scheduler. When the worker's process ends in any other way, the keeper ends its runs
(`keeping`).
"""

import io
import json
import os
import shutil
import socket
import tarfile
import threading

from . import hosting, wire

TOPIC = "seedlab"
TEXT = """
def begin(name, job):
    import json, os, sys, types
    worker = sys.modules["distributed"].get_worker()
    tasks = sys.modules.get(name + ".tasks")
    if tasks is None:
        content = read(worker.local_directory, name)
        if content is None:
            return lacking(worker, name)
        content = json.loads(content.decode("ascii"))
        package = sys.modules[name] = types.ModuleType(name)
        package.__path__ = []
        for part, source in content["sources"]:
            tasks = types.ModuleType(name + "." + part)
            tasks.__package__ = name
            exec(compile(source, "<seedlab " + part + ">", "exec"), tasks.__dict__)
            setattr(package, part, tasks)
            sys.modules[name + "." + part] = tasks
        tasks.packed = content["packed"].encode("ascii")
    job = json.loads(job)
    sent = job.pop("sent", None)
    data = None if sent is None or tasks.is_unpacked(worker, sent) else read(worker.local_directory, sent)
    if sent is not None and data is None and not tasks.is_unpacked(worker, sent):
        return lacking(worker, sent)
    return tasks.execute(worker, job, sent, data)

def lacking(worker, name):
    return {"why": "lacking", "what": name, "worker": worker.address, "folder": worker.local_directory}

def read(folder, name):
    import hashlib, os
    try:
        with open(os.path.join(folder, name), "rb") as file:
            content = file.read()
    except OSError:
        return None
    return content if name.endswith(hashlib.sha256(content).hexdigest()) else None

def keep(folder, name, content):
    import os, threading
    new = os.path.join(folder, "%s.%d" % (name, threading.get_ident()))
    with open(new, "wb") as file:
        file.write(content)
    os.replace(new, os.path.join(folder, name))
"""
"""What a worker executes before anything else is there."""
TASK = "exec(text) or begin(name, job)"
KEEP = "exec(text) or keep(folder, name, content)"
"""What tasks, and workers that lack something, evaluate. No Python reads the compiled code of another one, but text."""
WANTED_STATES = ("executing", "long-running")
WORKING = ("running", "paused", "closing_gracefully")
packed = b""
"""The packed file."""
_unpacking = threading.Lock()
_has_views = True


def execute(worker, job, sent, data):
    """Execute ``job``, a dict as `hosting` takes it, in a worker's thread, and return what came of it.

    In addition, a job has the ``key`` of its task and, where its files were sent, the ``place`` that the paths of these
    begin with; ``data`` is the tar called ``sent`` unless that is unpacked. In addition, the result has the ``host``,
    its ``home``, the ``root`` of the files that were sent, the paths that are ``gone`` of those that the run has
    changed, and whether it ``is_copied``.
    """
    key = job.pop("key")
    about = {"key": key, "worker": worker.address, "host": socket.gethostname()}

    def is_wanted():
        task = worker.state.tasks.get(key)
        return task is not None and task.state in WANTED_STATES and worker.status.name in WORKING

    worker.log_event(TOPIC, dict(about, event="begun"))
    try:
        root = ""
        if sent is not None:
            try:
                root = hosting.portable(_unpacked(data, _place_of(worker, sent)))
            except (OSError, tarfile.TarError) as error:
                return {"why": "unsent", "what": "%s" % (error,), "host": about["host"]}
            job = _in_place(job, job.pop("place"), root)
        result = _executed(job, is_wanted)
        return dict(result, root=root, host=about["host"], home=hosting.portable(os.path.expanduser("~")))
    finally:
        worker.log_event(TOPIC, dict(about, event="ended"))


def is_unpacked(worker, sent):
    """Return True where the tar called ``sent`` was unpacked by this worker before."""
    return os.path.isdir(_place_of(worker, sent))


def _place_of(worker, sent):
    return os.path.join(worker.local_directory, sent + ".files")


def _executed(job, is_wanted):
    global _has_views
    if not is_wanted():
        return {"why": hosting.STOPPED, "what": ""}
    is_copied = bool(job.get("private")) and not _has_views
    result = hosting.execute_here(packed, dict(job, is_copied=is_copied), is_wanted=is_wanted)
    if result["why"] == "unviewed":
        _has_views, is_copied = False, True
        result = hosting.execute_here(packed, dict(job, is_copied=True), is_wanted=is_wanted)
    gone = [what for what in _changed(result["report"]) if not os.path.lexists(hosting.native(what))]
    return dict(result, gone=gone, is_copied=is_copied)


def _unpacked(data, folder):
    """Return ``folder``, which has the files of the tar ``data``; it is there already where that is None."""
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
