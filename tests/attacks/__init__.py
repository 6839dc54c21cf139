"""Attacks from outside, again and again, with counts of what came of them."""
