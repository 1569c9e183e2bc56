"""Signs each line of its input with signing.py, whose path is the argument."""

import sys
from importlib.util import module_from_spec, spec_from_file_location

spec = spec_from_file_location("signing", sys.argv[1])
assert spec is not None
assert spec.loader is not None
recipe = module_from_spec(spec)
spec.loader.exec_module(recipe)
NAMES = ("site", "person", "language", "campaign", "topic")
for line in sys.stdin:
    key, purpose, url, *rest, generation, now = line.rstrip("\n").split("\t")
    link = {**dict(zip(NAMES, rest, strict=True)), "generation": int(generation)}
    print(recipe.address(url, purpose, recipe.sign(key, purpose, link, int(now))))
