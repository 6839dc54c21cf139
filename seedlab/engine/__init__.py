"""How a run happens: interpreters, the worker handed to them, starting and scheduling. No Qt."""
