"""The work of a user: columns, history, settings and recovery. No Qt."""
