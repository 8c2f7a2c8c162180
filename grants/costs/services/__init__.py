"""Claiming costs, examining and deciding claims, and what the bank said of them."""
