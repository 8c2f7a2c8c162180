"""Pages of manual cases: the workbench of who allocates, the applications of who applies."""
