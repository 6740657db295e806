"""What nobody thought of: requests made from the description, fitting and not, against the real engine.

No answer is a 5xx other than one that is described for the operation, and every answer is as described. The requests are
the same in every run; --api-examples makes more of them.
"""
import copy

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.checks import CHECKS

from tests.integration import served_models
from tests.integration.rest_client import call
from tests.support.api_document import ApiDocument
from tests.support.openapi_source import read_source

# Files of a page, streams without an end, and what takes the model away from the other tests.
LEFT_OUT = {"getDocs", "getDocsFile", "getOpenApi", "getOpenApiYaml", "watchEvents"}
PERMITTED = {501, 503, 507}
MODELS = [served_models.EMBEDDER, f"{served_models.EMBEDDER}@v2.2.2", served_models.SCORER, served_models.CLASSIFIER,
          "test/unknown"]
AS_DESCRIBED = ["status_code_conformance", "content_type_conformance", "response_headers_conformance",
                "response_schema_conformance"]


def described() -> dict:
    """The document, with models that there are, and null wherever it counts as absent."""
    document = copy.deepcopy(read_source())
    schemas = document["components"]["schemas"]
    document["components"]["parameters"]["ModelId"]["schema"] = {"type": "string", "enum": MODELS}
    for name, schema in schemas.items():
        if name.endswith("Request"):
            optional = set(schema["properties"]) - set(schema.get("required", []))
            for field in optional:
                schema["properties"][field] = {"anyOf": [schema["properties"][field], {"type": "null"}]}
    return document


def pytest_generate_tests(metafunc):
    if "operation_id" in metafunc.fixturenames:
        operations = [each.id for each in ApiDocument(read_source()).operations() if each.id not in LEFT_OUT]
        metafunc.parametrize("operation_id", operations)


@pytest.fixture(scope="module")
def house(engine, minilm_folder, tmp_path_factory):
    served_models.register(engine, served_models.make_folders(minilm_folder, tmp_path_factory.mktemp("models")))
    return engine


@pytest.fixture(scope="module")
def schema():
    return schemathesis.openapi.from_dict(described())


def test_no_request_brings_an_answer_that_is_not_described(house, schema, operation_id, pytestconfig):
    operation = schema.find_operation_by_id(operation_id)
    checks = CHECKS.get_by_names(AS_DESCRIBED)

    def check(case) -> None:
        # Not for long: most requests are for what is not there.
        case.headers = {**(case.headers or {}), "Connection": "close"}
        response = case.call(base_url=house.url, timeout=60)
        assert response.status_code < 500 or response.status_code in PERMITTED, \
            f"{case.as_curl_command()}\n{response.status_code} {response.text[:1000]}"
        case.validate_response(response, checks=checks)
        assert house.alive()

    settings = hypothesis.settings(
        max_examples=pytestconfig.getoption("--api-examples"), derandomize=True, deadline=None, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    for mode in schemathesis.GenerationMode:
        strategy = operation.as_strategy(generation_mode=mode)
        try:
            settings(hypothesis.given(case=strategy)(check))()
        except hypothesis.errors.Unsatisfiable:
            pass  # an operation without parameters cannot be called wrongly
    assert call(house, "GET", "/health/live").status == 200
