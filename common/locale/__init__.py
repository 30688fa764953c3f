"""The texts of bot and desk: one catalogue per language, and the tool that keeps the catalogues true to the sources.

python -m common.locale            add new texts of the sources to the catalogues, remove texts that no source has
python -m common.locale --check    report missing and wrong texts; exit code 1 if there are any
"""
