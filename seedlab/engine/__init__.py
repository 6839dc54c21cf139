"""The engine, which makes runs: interpreters, the observer packed for them, starting and scheduling. No Qt."""
