"""Steps of the order being written: buttons, typed words, files."""
