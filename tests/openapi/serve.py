"""Serves an application on a free port of loopback until stdin is closed: serve.py FOLDER MODULE:APP

The port is the first line on stdout. Whoever started it can go away in any way: the pipe closes, and so does the server.
"""

import socket
import sys
import threading

import uvicorn

folder, name = sys.argv[1:]
sys.path.insert(0, folder)
listener = socket.create_server(("127.0.0.1", 0))
server = uvicorn.Server(uvicorn.Config(name, log_level="warning"))
thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
thread.start()
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
server.should_exit = True
thread.join()
