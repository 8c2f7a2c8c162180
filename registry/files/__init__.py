"""Kept files: attachments that people send, and evidence; who may see one, its case says."""
