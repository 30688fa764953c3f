"""Measures the speeds that the docs state: one command per benchmark, reported with machine and versions."""
