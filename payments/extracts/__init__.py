"""The extract of one person: everything held on them, for the person themself (P-15)."""
