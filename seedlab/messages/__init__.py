"""Findings and errors in words."""
