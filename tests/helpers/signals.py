"""Signals that ask a process to end, in the processes that execute tests."""

import signal

END_REQUESTS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def heed_signals() -> None:
    """Have this process heed what asks it to end, where whoever started it had it ignore that: its children inherit it.

    Call it in the main thread. It is done here, and not in each child before it becomes another program: a child of a
    process with several threads may wait there for ever, for what one of them held as it was forked.
    """
    for number in END_REQUESTS:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number is signal.SIGINT else signal.SIG_DFL)
