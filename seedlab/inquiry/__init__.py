"""Finds causes by experiment: one source is held or turned at a time. Nothing is executed here."""
