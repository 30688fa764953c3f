"""Understanding: what a typed or dictated order means. Pure rules without I/O: text in, a reading out."""
