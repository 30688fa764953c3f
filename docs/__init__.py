"""The documentation, and the scripts that keep its tables and pictures true to the code."""
