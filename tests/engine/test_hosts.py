"""Names of Pythons on other hosts: what is understood, and what is refused before anything is started."""

import pytest

from seedlab.engine.hosts import HostAddress, address_of, is_on_host
from seedlab.engine.pythons import find_executable
from seedlab.errors import InterpreterError


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("ssh://lab/usr/bin/python3", HostAddress("lab", "/usr/bin/python3")),
        ("ssh://ada@lab/opt/py", HostAddress("lab", "/opt/py", "ada")),
        ("ssh://ada@lab.example.org:2222/opt/py", HostAddress("lab.example.org", "/opt/py", "ada", 2222)),
        ("ssh://a.b@c@10.0.0.7:22/p", HostAddress("10.0.0.7", "/p", "a.b@c", 22)),
        ("ssh://[fe80::1%eth0]:22/opt/py", HostAddress("fe80::1%eth0", "/opt/py", "", 22)),
        ("ssh://lab//opt/'my'/$py", HostAddress("lab", "//opt/'my'/$py")),
    ],
)
def test_the_parts_of_a_name(name: str, address: HostAddress) -> None:
    assert is_on_host(name)
    assert address_of(name) == address
    assert find_executable(name) == address.executable == name


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("ssh://", "names no Python"),
        ("ssh://lab", "names no Python"),
        ("ssh://lab/", "names no Python"),
        ("ssh://lab/opt/", "names no Python"),
        ("ssh:///opt/py", "names no host"),
        ("ssh://ada@/opt/py", "names no host"),
        ("ssh://:22/opt/py", "names no host"),
        ("ssh://@lab/opt/py", "names no user"),
        ("ssh://-oProxyCommand=touch/opt/py", "No host can be called “-oProxyCommand=touch”"),
        ("ssh://-l@lab/opt/py", "No user can be called “-l”"),
        ("ssh://lab:/opt/py", "“” is no port"),
        ("ssh://lab:22x/opt/py", "is no port"),
        ("ssh://lab:0/opt/py", "is no port"),
        ("ssh://lab:65536/opt/py", "is no port"),
        ("ssh://lab:٣/opt/py", "is no port"),
        ("ssh://lab /opt/py", "blanks"),
        ("ssh://lab/opt/my py", "blanks"),
        ("ssh://lab/opt/py\n", "cannot be seen"),
        ("ssh://lab\x00/opt/py", "cannot be seen"),
        ("ssh://la\u202eb/opt/py", "cannot be seen"),
        ("ssh://$(id)/opt/py", "cannot be the name of a host"),
        ("ssh://a;b/opt/py", "cannot be the name of a host"),
        ("ssh://`id`@lab/opt/py", "cannot be the name of a user"),
        ("ssh://[::1/opt/py", "cannot be the name of a host"),
        ("SSH://lab", "names no Python"),
    ],
)
def test_what_names_no_python_is_refused(name: str, says: str) -> None:
    assert is_on_host(name)
    with pytest.raises(InterpreterError) as refused:
        find_executable(name)
    assert says in refused.value.what
    assert "ssh://user@host:port/path/to/python" in refused.value.advice


@pytest.mark.parametrize("name", [None, "", "python3", "/usr/bin/python3", "ssh", "ssh:/lab/py", "http://lab/py"])
def test_what_is_meant_for_this_machine(name: str | None) -> None:
    assert not is_on_host(name)
