"""The exit statuses of the command line."""

from seedlab.phrases import sentence

EXIT_FINISHED = 0
EXIT_UNFINISHED = 1
EXIT_USAGE = 2
EXIT_DIFFERS = 1
"""The status of ``check`` where a draw does not repeat."""
EXIT_NOT_RUN = 3
"""The status of ``check`` where a run did not finish."""
EXIT_INTERRUPTED = 130
"""The status that shells give to a command which Ctrl+C has ended."""
EXITS_HELP = sentence(
    "exit status:\n"
    "  {exit_finished}    all runs finished, and everything was written\n"
    "  {exit_unfinished}    a run did not finish, or something could not be written\n"
    "  {exit_usage}    wrong usage, or a Python that cannot be used\n"
    "  {exit_interrupted}  after Ctrl+C; 143 after SIGTERM; 129 when the terminal was closed",
    exit_finished=EXIT_FINISHED,
    exit_unfinished=EXIT_UNFINISHED,
    exit_usage=EXIT_USAGE,
    exit_interrupted=EXIT_INTERRUPTED,
)
"""What the help says of them."""
