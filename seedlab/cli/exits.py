"""The exit statuses of the command line."""

EXIT_FINISHED = 0
EXIT_UNFINISHED = 1
EXIT_USAGE = 2
EXIT_DIFFERS = 1
"""The status of ``check`` where a draw does not repeat."""
EXIT_NOT_RUN = 3
"""The status of ``check`` where a run did not finish."""
EXIT_INTERRUPTED = 130
"""The status that shells give to a command which Ctrl+C has ended."""
EXITS_HELP = f"""\
exit status:
  {EXIT_FINISHED}    all runs finished, and everything was written
  {EXIT_UNFINISHED}    a run did not finish, or something could not be written
  {EXIT_USAGE}    wrong usage, or a Python that cannot be used
  {EXIT_INTERRUPTED}  after Ctrl+C; 143 after SIGTERM; 129 when the terminal was closed"""
"""What the help says of them."""
