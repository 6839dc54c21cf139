"""``seedlab sweep`` with runs on another host and on a cluster: a real sshd, a real scheduler and its workers."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.cluster import dask_cluster
from tests.helpers.command_line import seedlab
from tests.helpers.ssh_server import ssh_server

SCRIPT = "import random\nfrom tools import scaled\n\nrandom.seed(42)\nprint('x:', scaled(random.random()))\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    (work / "train.py").write_text(SCRIPT, encoding="utf-8")
    (work / "tools.py").write_text("def scaled(x):\n    return 3 * x\n", encoding="utf-8")
    return work


def drawn(*options: str) -> dict[int, Any]:
    ended = seedlab("sweep", "train.py", "--seeds", "0..9", "--json", "-", *options)
    assert ended.returncode == 0, ended.stderr
    (found,) = json.loads(ended.stdout)["sweeps"]
    return {run["point"][0]: run["draws"][0]["values"] for run in found["runs"]}


def test_a_sweep_on_another_host_draws_what_it_draws_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = drawn()
    with ssh_server(tmp_path) as server:
        monkeypatch.setenv("PATH", server.path)
        python = server.python(sys.executable)
        refused = seedlab("sweep", "train.py", "--seeds", "0..9", "--python", python)
        assert refused.returncode == 2
        assert "would be sent there" in refused.stderr
        assert drawn("--python", python, "--yes") == here
        server.check_nothing_is_left()


def test_a_sweep_on_a_cluster_draws_what_it_draws_here(tmp_path: Path) -> None:
    here = drawn()
    nodes = tmp_path / "nodes"
    nodes.mkdir()
    with dask_cluster(nodes, 1, 1) as cluster:
        assert drawn("--cluster", cluster.address, "--yes") == here
