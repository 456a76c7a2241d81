"""Readers and the cards in them, by PC/SC. They are a distribution of their own:

    pip install cardwright[reader]
"""

from __future__ import annotations
