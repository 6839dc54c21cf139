"""The presets of today, each with its answer, against runs and inquiries."""
