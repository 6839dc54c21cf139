"""seedlab: see why seeded numbers still change. Version and identity are said here and nowhere else."""

__version__ = "0.1.0"

APPLICATION_NAME = "seedlab"
APPLICATION_TITLE = "seedlab"
APPLICATION_ID = "io.github.seedlab.Seedlab"
