"""Keras 3: its doors."""
