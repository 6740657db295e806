"""An engine with access control, its keys made as an operator makes the first one, and a command line that has none."""
import json
import os
import subprocess

from tests.integration.rest_client import call

ROLES = ("viewer", "user", "operator", "admin")


def cli(*words, key=None, engine=None, code=0, text=None):
    """What `modelmora` printed; keys go by the environment, never by the words."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MODELMORA_")}
    if key:
        environment["MODELMORA_KEY"] = key
    command = [f"{os.environ['MM_BUILD']}/bin/modelmora", *words]
    if engine:
        command += ["--engine", engine.grpc]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, input=text, env=environment, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout or done.stderr) if "--json" in words else done.stdout.strip()


def local_key(data, name, role, *flags):
    return cli("keys", "create", name, "--role", role, *flags, "--local", "--data-dir", str(data))


def bearer(secret):
    return {"Authorization": f"Bearer {secret}"}


class AccessHouse:
    def __init__(self, engine):
        self.engine = engine
        self.keys = {role: local_key(engine.data, f"{role}-key", role) for role in ROLES}
        self.wait_for(self.keys["admin"])

    def wait_for(self, secret, status=200):
        """A key that another program has made, or ended, is seen within about a second."""
        self.engine.wait_until(lambda: self.ask("GET", "/api/v1/identity", secret).status == status)

    def ask(self, method, path, secret=None, body=None, headers=None):
        return call(self.engine, method, path, body, headers={**(bearer(secret) if secret else {}), **(headers or {})})

    def make(self, name, role="user", **more):
        answer = self.ask("POST", "/api/v1/keys", self.keys["admin"], {"name": name, "role": role, **more})
        assert answer.status == 201, answer.text
        return answer.json["secret"]
