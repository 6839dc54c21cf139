"""Tell circles from squares from crosses, on pictures that are made up."""

__version__ = "0.3.1"
