"""Typed words: what they change in the order being written, where something was asked and where nothing was."""
