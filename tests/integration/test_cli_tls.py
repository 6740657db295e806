"""The command line against an engine that speaks TLS, with certificates of an authority made for the test."""
import json
import os
import subprocess

import pytest
import trustme

from tests.integration.conftest import _program

USAGE, UNREACHABLE = 2, 3


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Paths by name: an authority, a server's and a client's certificate of it, and an authority that signed neither."""
    folder = tmp_path_factory.mktemp("tls")
    paths = {}

    def keep(name, *blobs):
        paths[name] = str(folder / name)
        for i, blob in enumerate(blobs):
            blob.write_to_path(paths[name], append=i > 0)

    made = trustme.CA()
    keep("ca.pem", made.cert_pem)
    keep("other-ca.pem", trustme.CA().cert_pem)
    for name, identity in (("server", made.issue_cert("localhost", "127.0.0.1")), ("me", made.issue_cert("me@example.org"))):
        keep(f"{name}.key", identity.private_key_pem)
        keep(f"{name}.pem", *identity.cert_chain_pems)
    return paths


@pytest.fixture(scope="module")
def secure(start_module_engine, files):
    """An engine that asks its clients for certificates."""
    return start_module_engine("--tls-certificate", files["server.pem"], "--tls-key", files["server.key"],
                               "--tls-client-ca", files["ca.pem"])


@pytest.fixture(scope="module")
def modelmora():
    def run(engine, *arguments, **variables):
        clean = {key: value for key, value in os.environ.items() if not key.startswith("MODELMORA_")}
        return subprocess.run([str(_program("modelmora")), "--engine", engine.grpc, *arguments], capture_output=True,
                              text=True, timeout=60, env=clean | variables, stdin=subprocess.DEVNULL, check=False)

    return run


def test_tls_and_a_certificate_of_ones_own(secure, files, modelmora):
    answer = modelmora(secure, "--tls-ca", files["ca.pem"], "--tls-certificate", files["me.pem"],
                       "--tls-key", files["me.key"], "list", "--json")
    assert answer.returncode == 0, answer.stderr
    assert "models" in json.loads(answer.stdout)


def test_the_environment_says_it_for_all(secure, files, modelmora):
    answer = modelmora(secure, "list", MODELMORA_TLS_CA=files["ca.pem"], MODELMORA_TLS_CERTIFICATE=files["me.pem"],
                       MODELMORA_TLS_KEY=files["me.key"])
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(("flags", "words"), [
    ((), ("--tls-ca",)),                                                                # plain text to a TLS port
    (("--tls-ca", "other-ca.pem"), ("other-ca.pem", "certificate")),                    # an engine nobody vouches for
    (("--tls-ca", "ca.pem"), ("--tls-certificate",)),                                   # who are you?
], ids=["plain", "unknown-authority", "no-certificate"])
def test_what_is_refused_is_explained(secure, files, modelmora, flags, words):
    answer = modelmora(secure, *(files.get(flag, flag) for flag in flags), "list")
    assert answer.returncode == UNREACHABLE, answer.stderr
    for word in words:
        assert word in answer.stderr, answer.stderr


def test_tls_to_an_engine_without_it_is_explained(engine, files, modelmora):
    answer = modelmora(engine, "--tls-ca", files["ca.pem"], "list")
    assert answer.returncode == UNREACHABLE and "speaks no TLS" in answer.stderr, answer.stderr


@pytest.mark.parametrize(("flags", "words"), [
    (("--tls-ca", "/no/such.pem"), ("/no/such.pem", "No such file")),
    (("--tls-certificate", "me.pem"), ("--tls-key",)),
    (("--tls-certificate", "me.pem", "--tls-key", "me.key"), ("--tls-ca",)),
    (("--tls-ca", "server.key"), ("server.key", "no certificate")),
    (("--tls-ca", "ca.pem", "--tls-certificate", "me.pem", "--tls-key", "server.key"), ("server.key", "not the key", "me.pem")),
], ids=["missing", "without-key", "without-authority", "no-certificate", "other-key"])
def test_files_that_cannot_be_used_are_named_before_anybody_is_called(engine, files, modelmora, flags, words):
    answer = modelmora(engine, *(files.get(flag, flag) for flag in flags), "list")
    assert answer.returncode == USAGE, answer.stderr
    for word in words:
        assert word in answer.stderr, answer.stderr
    assert modelmora(engine, *(files.get(flag, flag) for flag in flags), "list", "--help").returncode == 0
