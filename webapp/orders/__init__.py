"""Pages that show orders: board, order page, lists, slips, export. It may know the talk and the people."""
