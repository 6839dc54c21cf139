"""Tests of what seedlab is packed into."""
