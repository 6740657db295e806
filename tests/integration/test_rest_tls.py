"""REST over TLS: the real engine, certificates of an authority made for the test, and clients that check them."""
import json
import ssl
import subprocess

import httpx
import pytest
import trustme

from tests.integration.raw_http import RawClient


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def server_files(authority, tmp_path):
    """Flags with a server's certificate, and the two files."""
    issued = authority.issue_cert("localhost", "127.0.0.1")
    certificate, key = tmp_path / "server.pem", tmp_path / "server.key"
    write(issued, certificate, key)
    return certificate, key


def write(issued, certificate, key):
    certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    key.write_bytes(issued.private_key_pem.bytes())


def flags(files):
    return ["--tls-certificate", str(files[0]), "--tls-key", str(files[1])]


def trusting(authority, client=None):
    context = ssl.create_default_context()
    authority.configure_trust(context)
    if client:
        client.configure_cert(context)
    return context


def test_requests_are_answered_over_tls_and_the_announcement_says_so(start_engine, authority, server_files):
    engine = start_engine(flags=flags(server_files))
    assert json.loads((engine.data / "engine.json").read_text())["tls"] is True
    with httpx.Client(base_url=f"https://{engine.rest}", verify=trusting(authority)) as client:
        assert client.get("/health/live").status_code == 200
        assert client.get("/api/v1/models").status_code == 200
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"https://{engine.rest}/health/live")


def test_plain_http_on_the_same_port_is_told_what_is_spoken(start_engine, server_files):
    engine = start_engine(flags=flags(server_files))
    with RawClient(engine) as client:
        answer = client.send(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n").answer()
        assert answer.status == 400 and "https://" in answer.json["message"]
        assert client.is_ended()


def test_clients_without_a_certificate_stay_out(start_engine, authority, server_files, tmp_path):
    ours, others = trustme.CA(), trustme.CA()
    (tmp_path / "clients.pem").write_bytes(ours.cert_pem.bytes())
    engine = start_engine(flags=[*flags(server_files), "--tls-client-ca", str(tmp_path / "clients.pem")])
    url = f"https://{engine.rest}/health/live"
    good = trusting(authority, ours.issue_cert("somebody@example.org"))
    assert httpx.get(url, verify=good).status_code == 200
    for context in (trusting(authority), trusting(authority, others.issue_cert("stranger@example.org"))):
        with pytest.raises(httpx.TransportError):
            httpx.get(url, verify=context)
    assert httpx.get(url, verify=good).status_code == 200


def test_files_that_do_not_fit_stop_the_engine_with_the_reason(start_engine, authority, server_files, tmp_path):
    write(authority.issue_cert("other"), tmp_path / "other.pem", tmp_path / "other.key")
    for wrong, words in (
        (flags((server_files[0], tmp_path / "other.key")), ["other.key", "is not the key of the first certificate"]),
        (flags((server_files[0], tmp_path / "missing.key")), ["missing.key", "No such file"]),
        (flags(server_files)[:2], ["--tls-key"]),
    ):
        engine = start_engine(flags=wrong, ready=False)
        assert engine.wait() in (1, 2)
        assert all(word in engine.log() for word in words), engine.log()


def test_a_renewed_certificate_is_served_without_a_restart(start_engine, authority, server_files):
    engine = start_engine(flags=flags(server_files))

    def serial():
        host, port = engine.rest.rsplit(":", 1)
        pem = ssl.get_server_certificate((host, int(port)), ca_certs=None)
        return subprocess.run(["openssl", "x509", "-noout", "-serial"], input=pem, text=True, capture_output=True,
                              check=True).stdout

    before = serial()
    write(authority.issue_cert("localhost", "127.0.0.1"), *server_files)
    engine.wait_until(lambda: serial() != before)


def test_clients_that_leave_within_the_handshake_do_no_harm(start_engine, authority, server_files):
    engine = start_engine(flags=flags(server_files))
    hello = ssl.MemoryBIO()
    try:
        trusting(authority).wrap_bio(ssl.MemoryBIO(), hello, server_hostname="localhost").do_handshake()
    except ssl.SSLWantReadError:
        pass
    greeting = hello.read()
    for size in range(0, len(greeting) + 1, 7):
        RawClient(engine).send(greeting[:size]).socket.close()
    for garbage in (b"\x16" * 4000, b"\x16\x03\x01\xff\xff" + b"\x00" * 5000, greeting[:50] + b"\xff" * 500):
        with RawClient(engine) as client:
            client.send(garbage)
            client.socket.shutdown(1)
            client.rest()
    assert httpx.get(f"https://{engine.rest}/health/live", verify=trusting(authority)).status_code == 200
