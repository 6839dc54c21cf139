"""A real sshd on the loopback, with keys and a configuration of its own, and an ssh that finds only these."""

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ENDS_WITHIN_S = 20
_PROGRAMS = {"ssh": "openssh-client", "ssh-keygen": "openssh-client", "sshd": "openssh-server"}
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


class SshServer:
    """A server that is up, and the folder with what belongs to it."""

    def __init__(self, folder: Path, port: int, server: subprocess.Popen[str]) -> None:
        self.folder = folder
        self.port = port
        self.bin = folder / "bin"
        """The folder with the ssh that finds the hosts below."""
        self.temporary = folder / "temporary"
        """Where everything that is executed there makes its temporary files."""
        self._server = server

    @property
    def path(self) -> str:
        """A search path on which ssh is the one that knows this server."""
        return f"{self.bin}{os.pathsep}{os.environ['PATH']}"

    def python(self, path: str, host: str = "there") -> str:
        return f"ssh://{host}{path}"

    def processes(self) -> list[psutil.Process]:
        """All processes on the host that anybody started by this server, wherever they went."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.status() != psutil.STATUS_ZOMBIE and process.environ().get("TMPDIR") == str(self.temporary):
                    found.append(process)
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return found

    def sessions(self) -> list[psutil.Process]:
        """The processes of sshd that serve connections."""
        return psutil.Process(self._server.pid).children(recursive=False)

    def left(self) -> list[str]:
        """The temporary files that are left there."""
        return [path.name for path in self.temporary.iterdir()]

    def check_nothing_is_left(self) -> None:
        """Wait until all that was started there has ended, and check that no file is left."""
        assert psutil.wait_procs(self.processes(), ENDS_WITHIN_S)[1] == []
        assert self.processes() == []
        assert self.left() == []


@contextmanager
def ssh_server(folder: Path) -> Iterator[SshServer]:
    """Start a server; when the block is left, it and all its sessions have ended."""
    programs = {program: shutil.which(program, path=_PATH) for program in _PROGRAMS}
    missing = sorted({package for program, package in _PROGRAMS.items() if programs[program] is None})
    assert not missing, f"Install {' and '.join(missing)}: runs on another host are tested with a real server."
    for name in ("host", "stranger", "key", "other"):
        command = [str(programs["ssh-keygen"]), "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True)
    (folder / "authorized").write_text((folder / "key.pub").read_text())
    for name in ("bin", "temporary"):
        (folder / name).mkdir()
    if os.getuid() == 0:
        # The superuser's sshd wants this folder, which the system's own service would make.
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    port, closed = _free_ports(2)
    _write_configurations(folder, port, closed, str(programs["ssh"]))
    command = [str(programs["sshd"]), "-D", "-e", "-f", str(folder / "sshd_config")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as server:
        assert server.stderr is not None
        log: list[str] = []
        for line in server.stderr:
            log.append(line)
            if "Server listening" in line:
                break
        else:
            raise AssertionError("".join(log))
        # Its log is read on, so that it never waits for that.
        reading = threading.Thread(target=lambda: log.extend(server.stderr or ()))
        reading.start()
        made = SshServer(folder, port, server)
        try:
            yield made
        finally:
            sessions = psutil.Process(server.pid).children(recursive=True)
            server.terminate()
            for process in sessions:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGKILL)
            server.wait(ENDS_WITHIN_S)
            reading.join(ENDS_WITHIN_S)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _write_configurations(folder: Path, port: int, closed: int, ssh: str) -> None:
    (folder / "sshd_config").write_text(f"""
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
LogLevel VERBOSE
MaxStartups 100
SetEnv TMPDIR={folder}/temporary
""")
    key = (folder / "host.pub").read_text().split()
    stranger = (folder / "stranger.pub").read_text().split()
    names = {"there": key, "keyless": key, "far": key, "changed": stranger}
    known = [f"{name} {kind} {data}\n" for name, (kind, data, *_) in names.items()]
    (folder / "known").write_text("".join(known))
    more = {"nobody": f"Port {closed}", "far": "ProxyJump there"}
    hosts = [
        f"Host {name}\n    HostKeyAlias {name}\n    IdentityFile {folder}/{'other' if name == 'keyless' else 'key'}\n"
        f"    {more.get(name, '')}\n"
        for name in (*names, "unknown", "nobody")
    ]
    config = f"""{"".join(hosts)}
Host *
    HostName 127.0.0.1
    Port {port}
    User {getpass.getuser()}
    IdentitiesOnly yes
    IdentityAgent none
    StrictHostKeyChecking yes
    UserKnownHostsFile {folder}/known
    GlobalKnownHostsFile /dev/null
"""
    (folder / "config").write_text(config)
    wrapper = folder / "bin" / "ssh"
    # A jump is made by another ssh, which is given no configuration but this one.
    wrapper.write_text(f'#!/bin/sh\nexec {ssh} -F {folder}/config "$@"\n')
    wrapper.chmod(0o755)
