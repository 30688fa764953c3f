"""The words of bot and desk: a catalogue a language, and the tool that keeps them true to the sources.

python -m common.locale            take new texts from the sources into the catalogues, drop those that are gone
python -m common.locale --check    say what is missing or wrong; exit code 1 if anything is
"""
