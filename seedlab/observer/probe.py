"""Prints the version of this Python, the versions of given packages and, on request, the devices that they find.

    probe versions    from the metadata on disk, importing nothing; takes some 50 ms
    probe devices     by importing each package whose library looks for devices; takes seconds

Each line of standard output that starts with `MARK` continues with JSON. Values of a later line replace those of an
earlier one:

    {"python": "3.11.7", "forks": true, "packages": [{"name": "numpy", "title": "NumPy", "version": "2.4.0"}]}
    {"imports": "tensorflow"}
    {"devices": [{"name": "CPU:0", "about": ""}], "no_gpu_reason": "..."}
"""

import importlib.util
import os
import re
import sys

from . import plain_json

MARK = "seedlab-probe:"


def answer(pack, question, packages):
    """Print the answer to ``question``, "versions" or "devices"; ``packages`` is PACKAGES of `main`."""
    found = {asked["package"]: version_on_disk(asked["package"], asked["names"]) for asked in packages}
    print_versions(packages, found)
    for package in pack.packages_with_devices() if question == "devices" else []:
        if found.get(package) is None:
            continue
        # Printed first, so that it is known what ended this process if something does.
        print_facts(imports=package)
        devices = pack.devices(package)()
        # The version of an imported package is more reliable than its metadata.
        imported = [name for name in found if name in sys.modules]
        found.update({name: getattr(sys.modules[name], "__version__", "unknown") for name in imported})
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
    print_facts(python="%d.%d.%d" % sys.version_info[:3], forks=hasattr(os, "fork"), packages=there)


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
