"""Pages of the catalogue: parts, categories, merging, import and export."""

from webapp.catalogue import categories, handwritten, imports, merging, parts

BLUEPRINTS = tuple(page.blueprint for page in (categories, handwritten, imports, merging, parts))
