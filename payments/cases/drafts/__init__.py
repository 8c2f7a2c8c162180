"""Persons to apply for from a list: a file, what is wrong with it, a draft that a sender sends (P-08)."""
