"""What is said about an order, as pages show it: messages with receipts, timeline, photos; and the quick replies."""
