"""What happened: runs, draws, traces and environments, as frozen values."""
