"""What ends with its retention on a day (P-14): a preview; nothing is destroyed by it."""
