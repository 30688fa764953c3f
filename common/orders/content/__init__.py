"""What a line says: its quantity in a unit, how it reads, and corrections of both."""
