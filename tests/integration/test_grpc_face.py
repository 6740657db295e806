"""The gRPC face as its clients know it: metadata, errors with standard details, limits, TLS, reflection."""
import grpc
import pytest
import trustme
from google.rpc import error_details_pb2
from grpc_status import rpc_status

MINILM = "sentence-transformers/all-MiniLM-L6-v2"


def ask(stubs, text="a text", model=MINILM, **fields):
    return stubs.inference.InferenceRequest(model_id=model, input_data=stubs.inference.InputData(text=text), **fields)


def failure(call, *arguments, **options) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as failed:
        call(*arguments, timeout=30, **options)
    return failed.value


def details_of(error: grpc.RpcError) -> dict:
    """The standard details by the short names of their types, as any client unpacks them."""
    status = rpc_status.from_call(error)
    assert status.code == error.code().value[0] and status.message == error.details()
    found = {}
    for packed in status.details:
        name = packed.TypeName().rsplit(".", 1)[-1]
        if hasattr(error_details_pb2, name):
            found[name] = getattr(error_details_pb2, name)()
            assert packed.Unpack(found[name])
    return found


@pytest.fixture
def stub(channel, stubs):
    return stubs.inference_grpc.InferenceServiceStub(channel)


def test_an_unknown_model_names_resource_reason_and_request(stub, stubs):
    error = failure(stub.Infer, ask(stubs, model="no/such"), metadata=[("x-request-id", "my-id-1")])
    assert error.code() == grpc.StatusCode.NOT_FOUND
    details = details_of(error)
    assert details["ErrorInfo"].reason == "MODEL_NOT_FOUND" and details["ErrorInfo"].domain == "modelmora"
    assert details["ErrorInfo"].metadata["model"] == "no/such"
    assert details["ResourceInfo"].resource_name == "no/such"
    assert details["RequestInfo"].request_id == "my-id-1"


def test_wrong_fields_are_told_one_by_one(stub, stubs):
    error = failure(stub.Infer, ask(stubs, timeout_seconds=-3))
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    violations = details_of(error)["BadRequest"].field_violations
    assert [violation.field for violation in violations] == ["timeout_seconds"]
    assert "-3" in violations[0].description


def test_our_own_error_comes_first_and_by_itself(stub, stubs):
    error = failure(stub.Infer, ask(stubs, model="no/such"))
    own = stubs.common.Error()
    assert rpc_status.from_call(error).details[0].Unpack(own) and own.code == "MODEL_NOT_FOUND"
    trailer = dict(error.trailing_metadata())["modelmora-error-bin"]
    assert stubs.common.Error.FromString(trailer) == own


def test_the_largest_error_fits_into_the_trailers_that_clients_take(stub, stubs):
    """Clients refuse more than 8 KiB of trailers: they would see no error at all."""
    request = ask(stubs)
    request.parameters.update({f"pärämeter-{i}-{'x' * 300}": "ü" * 500 for i in range(50)})
    error = failure(stub.Infer, request)
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT, error
    assert details_of(error)["ErrorInfo"].reason == "VALIDATION_ERROR"


def test_an_id_in_the_metadata_is_the_requests_own(stub, stubs):
    answer, call = stub.Infer.with_call(ask(stubs), timeout=60, metadata=[("x-request-id", "from-metadata")])
    assert answer.metadata.request_id == "from-metadata"
    assert dict(call.initial_metadata())["x-request-id"] == "from-metadata"
    entry = stub.GetRequest(stubs.inference.GetRequestRequest(request_id="from-metadata"), timeout=30)
    assert entry.state == stubs.inference.REQUEST_STATE_COMPLETED
    assert stub.Infer(ask(stubs, request_id="from-message"), timeout=60,
                      metadata=[("x-request-id", "from-metadata")]).metadata.request_id == "from-message"


@pytest.mark.parametrize("given", ["with space", "x" * 129])
def test_a_wrong_id_is_refused(stub, stubs, given):
    assert failure(stub.Infer, ask(stubs), metadata=[("x-request-id", given)]).code() == grpc.StatusCode.INVALID_ARGUMENT
    assert failure(stub.Infer, ask(stubs, request_id=given)).code() == grpc.StatusCode.INVALID_ARGUMENT


def test_a_deadline_that_is_shorter_than_the_timeout_wins(stub, stubs):
    batch = ask(stubs, timeout_seconds=60, request_id="late")
    batch.input_data.text_batch.texts.extend(["word " * 500] * 400)
    with pytest.raises(grpc.RpcError) as late:
        stub.Infer(batch, timeout=0.5)
    assert late.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    entry = stub.GetRequest(stubs.inference.GetRequestRequest(request_id="late"), timeout=30)
    while entry.state in (stubs.inference.REQUEST_STATE_WAITING, stubs.inference.REQUEST_STATE_RUNNING):
        entry = stub.GetRequest(stubs.inference.GetRequestRequest(request_id="late"), timeout=30)
    assert entry.state in (stubs.inference.REQUEST_STATE_CANCELLED, stubs.inference.REQUEST_STATE_FAILED)
    assert entry.error.code in ("REQUEST_CANCELLED", "INFERENCE_TIMEOUT")


def test_a_message_over_the_limit_is_refused_with_both_numbers(start_engine, stubs):
    engine = start_engine(flags=["--grpc-max-message-mb", "1"])
    with grpc.insecure_channel(engine.grpc) as channel:
        stub = stubs.inference_grpc.InferenceServiceStub(channel)
        error = failure(stub.Infer, ask(stubs, text="x" * 2_000_000))
        assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
        assert "1048576" in error.details() and "20000" in error.details()
        assert failure(stub.Infer, ask(stubs, model="no/such")).code() == grpc.StatusCode.NOT_FOUND  # it goes on
    refused = start_engine(flags=["--grpc-max-message-mb", "0"], ready=False)
    assert refused.wait() != 0 and "grpc-max-message-mb" in refused.log()


def test_health_of_the_engine_its_services_and_its_models(minilm, channel, stubs):
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    health = health_pb2_grpc.HealthStub(channel)
    states = health_pb2.HealthCheckResponse
    management = stubs.management_grpc.ManagementServiceStub(channel)

    def check(name):
        return health.Check(health_pb2.HealthCheckRequest(service=name), timeout=30).status

    for name in ("", "modelmora.v1.InferenceService", "grpc.health.v1.Health"):
        assert check(name) == states.SERVING
    assert failure(health.Check, health_pb2.HealthCheckRequest(service="no/such")).code() == grpc.StatusCode.NOT_FOUND
    management.LoadModel(stubs.management.LoadModelRequest(model_id=MINILM), timeout=60)
    assert check(MINILM) == check(MINILM + "@main") == states.SERVING
    watch = health.Watch(health_pb2.HealthCheckRequest(service=MINILM), timeout=120)
    unknown = health.Watch(health_pb2.HealthCheckRequest(service="no/such"), timeout=120)
    assert next(unknown).status == states.SERVICE_UNKNOWN
    assert next(watch).status == states.SERVING
    management.UnloadModel(stubs.management.UnloadModelRequest(model_id=MINILM), timeout=60)
    assert next(watch).status == states.NOT_SERVING and check(MINILM) == states.NOT_SERVING
    management.LoadModel(stubs.management.LoadModelRequest(model_id=MINILM), timeout=60)
    assert next(watch).status == states.SERVING
    watch.cancel()
    unknown.cancel()


def test_a_stop_under_load_answers_what_runs_and_refuses_the_rest(start_engine, definitions, stubs):
    flags, environment = definitions
    engine = start_engine(flags=flags, environment=environment)
    with grpc.insecure_channel(engine.grpc) as channel:
        stub = stubs.inference_grpc.InferenceServiceStub(channel)
        stub.Infer(ask(stubs), timeout=60)
        running = [stub.Infer.future(ask(stubs, "word " * 200), timeout=60) for _ in range(16)]
        stub.Infer(ask(stubs), timeout=60)  # by now they are with the engine
        assert engine.stop() == 0
        codes = {call.code() for call in running}
        assert codes == {grpc.StatusCode.OK}, codes
        assert failure(stub.Infer, ask(stubs)).code() == grpc.StatusCode.UNAVAILABLE


def test_reflection_tells_every_service_and_its_messages(channel):
    from google.protobuf.descriptor_pool import DescriptorPool
    from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

    database = ProtoReflectionDescriptorDatabase(channel)
    services = set(database.get_services())
    assert {"modelmora.v1.InferenceService", "modelmora.v1.RegistryService", "modelmora.v1.ManagementService",
            "ModelInference", "grpc.health.v1.Health"} <= services
    pool = DescriptorPool(database)
    infer = pool.FindServiceByName("modelmora.v1.InferenceService").FindMethodByName("InferStream")
    assert infer.input_type.full_name == "modelmora.v1.InferenceRequest"
    assert pool.FindServiceByName("ModelInference").FindMethodByName("GenerateBatch") is not None


# TLS

@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    made = trustme.CA()
    made.cert_pem.write_to_path(folder / "ca.pem")
    server = made.issue_cert("localhost", "127.0.0.1")
    server.private_key_pem.write_to_path(folder / "server.key")
    for i, part in enumerate(server.cert_chain_pems):
        part.write_to_path(folder / "server.pem", append=i > 0)
    return made, folder


def secure(engine, authority, identity=None):
    credentials = grpc.ssl_channel_credentials(
        authority.cert_pem.bytes(),
        identity.private_key_pem.bytes() if identity else None,
        identity.cert_chain_pems[0].bytes() if identity else None)
    return grpc.secure_channel(engine.grpc.replace("127.0.0.1", "localhost"), credentials)


def alive(channel, stubs) -> str:
    stub = stubs.management_grpc.ManagementServiceStub(channel)
    return stub.LivenessCheck(stubs.management.LivenessRequest(), timeout=10).status


def test_tls_is_spoken_with_the_certificate_given(start_engine, stubs, authority):
    made, folder = authority
    engine = start_engine(flags=["--tls-certificate", str(folder / "server.pem"), "--tls-key", str(folder / "server.key")])
    with secure(engine, made) as channel:
        assert alive(channel, stubs) == "alive"
    with grpc.insecure_channel(engine.grpc) as channel, pytest.raises(grpc.RpcError) as plain:
        alive(channel, stubs)
    assert plain.value.code() == grpc.StatusCode.UNAVAILABLE
    with secure(engine, trustme.CA()) as channel, pytest.raises(grpc.RpcError):
        alive(channel, stubs)


def test_mutual_tls_asks_for_a_certificate_of_the_right_authority(start_engine, stubs, authority):
    made, folder = authority
    engine = start_engine(flags=["--tls-certificate", str(folder / "server.pem"), "--tls-key", str(folder / "server.key"),
                                 "--tls-client-ca", str(folder / "ca.pem")])
    with secure(engine, made, made.issue_cert("client@example.org")) as channel:
        assert alive(channel, stubs) == "alive"
    for identity in (None, trustme.CA().issue_cert("client@example.org")):
        with secure(engine, made, identity) as channel, pytest.raises(grpc.RpcError) as refused:
            alive(channel, stubs)
        assert refused.value.code() == grpc.StatusCode.UNAVAILABLE
