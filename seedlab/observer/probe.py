"""Prints the version of this Python, the versions of given packages and, on request, TensorFlow's devices.

    probe versions    from the metadata on disk, importing nothing; takes some 50 ms
    probe devices     by importing TensorFlow; takes seconds

Each line of standard output that starts with `MARK` continues with JSON. Values of a later line replace those of an
earlier one:

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
    """Print the answer to ``question``, "versions" or "devices"; ``packages`` is PACKAGES of `main`."""
    found = {asked["package"]: version_on_disk(asked["package"], asked["names"]) for asked in packages}
    print_versions(packages, found)
    if question == "devices" and importlib.util.find_spec(TENSORFLOW) is not None:
        devices = look_for_devices()
        # The version of an imported package is more reliable than its metadata.
        imported = [package for package in found if package in sys.modules]
        found.update({package: getattr(sys.modules[package], "__version__", "unknown") for package in imported})
        print_versions(packages, found)
        print_facts(**devices)


def print_facts(**facts):
    """Print ``facts`` as one line of the answer."""
    sys.stdout.write("\n" + MARK + plain_json.write(facts) + "\n")
    sys.stdout.flush()


def print_versions(packages, found):
    """Print the version of this Python and those ``found``, a dict from packages to versions or None."""
    there = [
        {"name": asked["package"], "title": asked["title"], "version": found[asked["package"]]}
        for asked in packages
        if found[asked["package"]] is not None
    ]
    print_facts(python="%d.%d.%d" % sys.version_info[:3], packages=there)


def version_on_disk(package, names):
    """Return the version of ``package`` from the name of its metadata's folder, without importing it.

    ``names`` are its possible names there. Return "unknown" if none is found, and None if it cannot be imported.
    """
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
    """Import TensorFlow; return its devices and the reason for having no GPU, as facts to print."""
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
    """Return the name of the hardware behind ``device``, or "" when TensorFlow does not know it."""
    details = getattr(config.experimental, "get_device_details", None)  # From TensorFlow 2.3 on.
    return (details(device) or {}).get("device_name", "") if details else ""
