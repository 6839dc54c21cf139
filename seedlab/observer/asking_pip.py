"""What pip would install, without installing or downloading it; executed by a Python that has pip.

The arguments are those of ``pip install``. The answer is a line of JSON after a mark: a list of the packages with their
versions, the addresses of their files and the sizes of these, None where it is not known.

pip has no such question: a dry run downloads all packages, unless the index has their descriptions separately. So its
own resolver is asked, which reads descriptions from the beginnings and ends of files on the server ("fast-deps"), and
is left just before it would download the rest. Where a server does not send parts of files, pip downloads them all the
same.
"""

import json
import os
import sys

MARK = "seedlab-pip:"


def ask(arguments):
    """Have pip resolve ``arguments``, write the answer, and end the process; return pip's status where it fails."""
    from pip._internal.cli.main import main
    from pip._internal.operations.prepare import RequirementPreparer

    def answer(preparer, requirements, *_, **__):
        session = getattr(preparer, "_session", None)
        packages = [described(requirement, session) for requirement in requirements]
        sys.stdout.write("\n" + MARK + json.dumps(packages) + "\n")
        sys.stdout.flush()
        # Not by an exception, which pip would catch and explain.
        os._exit(0)

    RequirementPreparer.prepare_linked_requirements_more = answer
    return main(["install", "--use-feature=fast-deps", "--ignore-installed", *arguments])


def described(requirement, session):
    link = requirement.link
    address = link.url_without_fragment
    try:
        size = os.path.getsize(link.file_path) if link.is_file else size_at(address, session)
    except Exception:
        size = None
    # Of a wheel that has not been downloaded, not every pip has more than the name.
    version = link.filename.split("-")[1] if link.is_wheel else str(requirement.get_dist().version)
    return {"name": requirement.name, "version": version, "address": address, "size": size}


def size_at(address, session):
    # As pip asks: with its certificates, proxies and passwords.
    response = session.head(address, headers={"Accept-Encoding": "identity"}, allow_redirects=True)
    return int(response.headers["Content-Length"]) if response.status_code == 200 else None


if __name__ == "__main__":
    sys.exit(ask(sys.argv[1:]))
