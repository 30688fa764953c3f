"""Typed words: which spellings count as the same word, and which known word was probably meant. Pure functions."""
