"""Serves moto on a free port of loopback and prints that port. Ends when its standard input does: with whoever started it."""
import logging
import os
import sys

logging.getLogger("werkzeug").setLevel(logging.ERROR)

import moto.ec2  # noqa: E402, F401  reads MOTO_AMIS_PATH, which is gone once we have told our port
from moto.moto_server.threaded_moto_server import ThreadedMotoServer  # noqa: E402

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
os._exit(0)
