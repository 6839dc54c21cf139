"""What a forked child would share with its parent although no library of random numbers owns it."""

from seedlab.study.capabilities import Capabilities

CAPABILITIES = Capabilities(
    title="the system",
    # The key is drawn once, when the module is imported (Lib/multiprocessing/process.py, _MainProcess).
    renews=("multiprocessing.process",),
)
