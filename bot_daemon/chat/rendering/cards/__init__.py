"""Cards: the one message per order and reader that is edited in place."""
