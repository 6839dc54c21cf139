"""What the packed file does on the command line.

    python OBSERVER run ADDRESS REQUEST        execute one script and report on ADDRESS
    python OBSERVER fork CONTROL PREPARE       import, then execute each script in a child
    python OBSERVER spare CONTROL PREPARE      import, then execute one script in this process
    python OBSERVER probe QUESTION PACKAGES    tell what this Python has

ADDRESS and CONTROL are "fd:NUMBER", an inherited descriptor; ADDRESS may also be "file:PATH". The rest is JSON:

    REQUEST  {"run": 1, "script": "/path/script.py", "arguments": [], "folder": "/path" or null, "environment": {},
              "holds": [], "turns": []}; of these only "script" must be there
    PREPARE  {"modules": ["numpy"], "renew": ["numpy.random"]}; without "renew" everything is renewed
    PACKAGES [{"package": "tensorflow", "title": "TensorFlow", "names": ["tensorflow", "tf_nightly"]}]
"""

from . import plain_json


def main(pack, arguments):
    command, first, second = arguments
    details = plain_json.read(second)
    if command == "run":
        from . import execution, wire

        execution.work(pack, wire.report_descriptor(first), details)
    elif command == "probe":
        from . import probe

        probe.answer(first, details)
    else:
        from . import waiting

        waiting.wait(pack, first, details, forks=command == "fork")
