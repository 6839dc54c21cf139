"""Tells what a Python has: its version, the packages that it is asked for and, if wanted, TensorFlow's devices.

    probe versions    from the metadata on disk, importing nothing: some 50 ms
    probe devices     by importing TensorFlow: seconds

Each line of standard output that starts with the mark below is followed by JSON. A later line replaces what an
earlier one says:

    {"python": "3.11.7", "packages": [{"name": "numpy", "title": "NumPy", "version": "2.4.0"}]}
    {"devices": [{"name": "CPU:0", "about": ""}], "no_gpu_reason": "..."}
"""

import importlib.util
import os
import re
import sys

from . import plain_json

MARK = "seedlab-probe:"
TENSORFLOW = "tensorflow"


def answer(question, packages):
    """Answer "versions" or "devices"; each of ``packages`` has "package", "title" and "names"."""
    found = {asked["package"]: version_on_disk(asked["package"], asked["names"]) for asked in packages}
    say_versions(packages, found)
    if question == "devices" and importlib.util.find_spec(TENSORFLOW) is not None:
        devices = look_for_devices()
        # What was imported knows its version best.
        imported = [package for package in found if package in sys.modules]
        found.update({package: getattr(sys.modules[package], "__version__", "unknown") for package in imported})
        say_versions(packages, found)
        say(**devices)


def say(**facts):
    sys.stdout.write("\n" + MARK + plain_json.write(facts) + "\n")
    sys.stdout.flush()


def say_versions(packages, found):
    there = [
        {"name": asked["package"], "title": asked["title"], "version": found[asked["package"]]}
        for asked in packages
        if found[asked["package"]] is not None
    ]
    say(python="%d.%d.%d" % sys.version_info[:3], packages=there)


def version_on_disk(package, names):
    """Return the version of an importable package, from the name of its metadata's folder; None if not importable."""
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


def look_for_devices():
    """Import TensorFlow, and return its devices and why there is no GPU among them."""
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
        found.append({"name": "%s:%d" % (kind, number), "about": describe(config, device)})
    reason = ""
    if "GPU" not in counts:
        built = tensorflow.test.is_built_with_cuda() or getattr(tensorflow.test, "is_built_with_rocm", bool)()
        reason = "TensorFlow sees no GPU on this machine" if built else "this TensorFlow was built without GPU support"
    return {"devices": found, "no_gpu_reason": reason}


def describe(config, device):
    details = getattr(config.experimental, "get_device_details", None)  # From TensorFlow 2.3 on.
    return (details(device) or {}).get("device_name", "") if details else ""
