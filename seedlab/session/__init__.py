"""What a person works on: columns, history, settings and recovery. No Qt."""
