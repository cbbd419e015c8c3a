"""A very small job queue: jobs are named by their dotted path.

In development a job runs at once; on the servers `enqueue` only writes a line
to the spool, and a runner picks it up.
"""
import importlib
import json
import os
import time

SPOOL = os.environ.get("SHOP_SPOOL", "")


def task(retries=0):
    def mark(function):
        function.is_task = True
        function.retries = retries
        return function

    return mark


def resolve(path):
    module, _, name = path.rpartition(".")
    function = getattr(importlib.import_module(module), name)
    if not getattr(function, "is_task", False):
        raise ValueError("%s is not a task" % path)
    return function


def enqueue(path, *args):
    if not SPOOL:
        return resolve(path)(*args)
    with open(SPOOL, "a") as spool:
        spool.write(json.dumps({"path": path, "args": args, "at": time.time()}) + "\n")
    return None


def run_spool(lines):
    done, failed = 0, []
    for line in lines:
        job = json.loads(line)
        function = resolve(job["path"])
        for attempt in range(function.retries + 1):
            try:
                function(*job["args"])
            except Exception as problem:
                if attempt == function.retries:
                    failed.append((job["path"], str(problem)))
            else:
                done += 1
                break
    return done, failed
