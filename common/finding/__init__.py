"""Finding orders: filters, search terms, the search itself, and saved lists. It may know orders."""
