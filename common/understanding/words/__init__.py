"""The words of orders: tokens of a text, and what each word is in the languages of the station."""
