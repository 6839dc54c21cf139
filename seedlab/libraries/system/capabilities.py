"""The capabilities of the system: renewals that belong to no library of random numbers."""

from seedlab.phrases import sentence
from seedlab.study.capabilities import Capabilities

CAPABILITIES = Capabilities(
    title=sentence("the system"),
    # The key is drawn once, when the module is imported (Lib/multiprocessing/process.py, _MainProcess).
    renews=("multiprocessing.process",),
)
