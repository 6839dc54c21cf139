"""Tells what a Python has: its version, NumPy's, TensorFlow's and, if asked, TensorFlow's devices.

Handed to other interpreters as a file: standard library only, Python 3.6 syntax, nothing of seedlab.

    python observe.py probe versions PACKAGES    from the metadata on disk, importing nothing: some 50 ms
    python observe.py probe devices PACKAGES     also the devices, by importing TensorFlow: seconds

PACKAGES is JSON: [{"package": "tensorflow", "title": "TensorFlow", "names": ["tensorflow", "tensorflow_cpu"]}]

Each line of standard output that starts with the mark below is followed by JSON.
"""

import importlib.util
import json
import os
import re
import sys

MARK = "seedlab-probe:"


def say(**facts):
    sys.stdout.write("\n" + MARK + json.dumps(facts) + "\n")
    sys.stdout.flush()


def version_on_disk(package, names):
    """The version of an importable package, from the folder name of its metadata; None if not importable."""
    if importlib.util.find_spec(package) is None:
        return None
    for folder in sys.path:
        try:
            entries = os.listdir(folder or ".")
        except OSError:
            continue
        for entry in entries:
            match = re.match(r"(.+?)-([^-]+)(?:-[^/]*)?\.(?:dist|egg)-info$", entry)
            if match and match.group(1).lower().replace("-", "_").replace(".", "_") in names:
                return match.group(2)
    return "unknown"


def say_versions(packages):
    versions = {asked["package"]: version_on_disk(asked["package"], asked["names"]) for asked in packages}
    found = {package: version for package, version in versions.items() if version is not None}
    say(python="%d.%d.%d" % sys.version_info[:3], packages=found)


def say_devices():
    import numpy
    import tensorflow

    say(packages={"numpy": numpy.__version__, "tensorflow": tensorflow.__version__})
    config = getattr(tensorflow, "config", None)
    list_devices = getattr(config, "list_physical_devices", None) or config.experimental.list_physical_devices
    found = []
    counts = {}
    for device in list_devices():
        kind = device.device_type
        if kind not in ("CPU", "GPU", "TPU"):
            continue
        number = counts[kind] = counts.get(kind, -1) + 1
        found.append({"name": "%s:%d" % (kind, number), "about": describe(config, device)})
    reason = ""
    if "GPU" not in counts:
        built = tensorflow.test.is_built_with_cuda() or getattr(tensorflow.test, "is_built_with_rocm", bool)()
        reason = "TensorFlow sees no GPU on this machine" if built else "this TensorFlow was built without GPU support"
    say(devices=found, no_gpu_reason=reason)


def describe(config, device):
    details = getattr(config.experimental, "get_device_details", None)  # From TensorFlow 2.3 on.
    return (details(device) or {}).get("device_name", "") if details else ""


def main(question, packages):
    say_versions(json.loads(packages))
    if question == "devices" and importlib.util.find_spec("tensorflow") is not None:
        say_devices()
