"""How a run happens: interpreters, the observer packed for them, starting and scheduling. No Qt."""
