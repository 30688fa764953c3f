"""Pages of the catalogue: parts, categories, merging, import and export."""
