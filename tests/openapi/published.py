"""The document an application of FastAPI publishes itself, as JSON: published.py FOLDER MODULE:APP"""

import importlib
import json
import sys

folder, name = sys.argv[1:]
sys.path.insert(0, folder)
module, app = name.split(":")
json.dump(getattr(importlib.import_module(module), app).openapi(), sys.stdout)
