"""An nginx of the benchmark's own, where nginx is installed."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.asking import Connection, Served, free_port

CONFIG = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{ }}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  keepalive_requests 1000000;
  server {{ listen 127.0.0.1:{port}; root {folder}; default_type text/html; etag on; }}
}}
"""


@contextmanager
def nginx_with(body: bytes) -> Iterator[Served | None]:
    """Serves the body as a file, with a line in a log for each request as the site writes one."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        print("\nnginx is not installed, so nothing is compared with it: apt install nginx-light")
        yield None
        return
    with TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        user = "user root;" if folder.owner() == "root" else ""
        (folder / "body").write_bytes(body)
        (folder / "nginx.conf").write_text(CONFIG.format(folder=folder, port=port, user=user))
        server = subprocess.Popen([program, "-c", str(folder / "nginx.conf"), "-p", name, "-e", str(folder / "log")])
        try:
            connection = Connection(port)
            children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
            yield Served(connection, int(children[0]), 0)
            connection.close()
        finally:
            server.terminate()
            server.wait()
