"""The tests, but for those in a browser."""

import os
import sys
from pathlib import Path

if sys.dont_write_bytecode:
    # Nothing is written beside the sources, as was wished, but Python may keep what it has compiled
    # where pytest keeps its own: each of the hundreds of processes that tests start would compile
    # the package anew, which takes twice as long as all else it does to start.
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
