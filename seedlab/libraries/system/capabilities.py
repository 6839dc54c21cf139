"""The capabilities of the system: renewals that belong to no library of random numbers."""

from seedlab.study.capabilities import Capabilities

CAPABILITIES = Capabilities(
    title="the system",
    # The key is drawn once, when the module is imported (Lib/multiprocessing/process.py, _MainProcess).
    renews=("multiprocessing.process",),
)
