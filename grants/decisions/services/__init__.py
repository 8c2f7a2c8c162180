"""Proposing, deciding, and claiming rectification."""
