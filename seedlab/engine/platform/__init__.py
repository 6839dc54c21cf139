"""What differs between operating systems: processes, pipes and signals."""
