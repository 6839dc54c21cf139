"""The exit statuses of the command line: all runs finished, some did not, or the command line was wrong."""

EXIT_FINISHED, EXIT_UNFINISHED, EXIT_USAGE = 0, 1, 2
