"""What a person sees: the window, its widgets, and the one thread that runs the engine."""
