"""The command line of the packed file.

    python OBSERVER run ADDRESS REQUEST        execute one script and report on ADDRESS
    python OBSERVER fork CONTROL PREPARE       import, then execute each script in a child
    python OBSERVER spare CONTROL PREPARE      import, then execute one script in this process
    python OBSERVER probe QUESTION PACKAGES    print the versions or devices of this Python
    python OBSERVER keep CONTROL NOTHING       start processes and end what they leave
    python -c LINE serve SECONDS NOTHING       serve a seedlab elsewhere, which sends this file over standard input

ADDRESS and CONTROL are "fd:NUMBER", an inherited descriptor; ADDRESS may also be "file:PATH", and the CONTROL of a
spare "stdin:PATH", which `lines` explains. QUESTION is "versions" or "devices". The rest is JSON:

    REQUEST  {"run": 1, "script": "/path/script.py", "name": "script.py", "module": "package.module" or null,
              "arguments": [], "folder": "/path" or null, "environment": {}, "audits": false, "holds": [],
              "turns": [], "is_plain": false, "earlier": 0}; only "script" is required
    PREPARE  {"modules": ["numpy"], "renew": ["numpy.random"]}; without "renew" everything is renewed
    NOTHING  null
    PACKAGES [{"package": "tensorflow", "title": "TensorFlow", "names": ["tensorflow", "tf_nightly"]}]
"""

import os
import sys

from . import plain_json


def main(pack, arguments):
    """Carry out the command line ``arguments`` with the modules of ``pack``."""
    command, first, second = arguments
    details = plain_json.read(second)
    if os.name == "nt" and command in ("run", "spare"):
        from . import console

        console.print_as_there()
    if command == "run" and details.get("earlier"):
        from . import earlier

        earlier.execute(sys.argv[0], first, second)
    elif command == "run":
        from . import execution, wire

        execution.execute_request(pack, wire.report_descriptor(first), details)
    elif command == "probe":
        from . import probe

        probe.answer(pack, first, details)
    elif command == "keep":
        from . import keeping

        keeping.keep(first)
    elif command == "serve":
        from . import serving

        serving.serve(first)
    else:
        from . import waiting

        waiting.wait(pack, first, details, forks=command == "fork")
