"""Exit statuses of the command line."""

EXIT_FINISHED, EXIT_UNFINISHED, EXIT_USAGE = 0, 1, 2
