"""Stowplan in MkDocs."""
