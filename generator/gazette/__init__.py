"""Gazette publishes an organisation's policies: versioned in git, compared, archived, and announced."""

from gazette._version import __version__

__all__ = ["__version__"]
