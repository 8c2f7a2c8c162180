"""Pages of payments: batches, orders, the bank's answers, the ledger by payee, bank details."""
