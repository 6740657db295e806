"""The page at /docs in a real browser: it shows the description, asks nobody else, and what is tried on it works."""
import pytest

from tests.support import browser as browsers


@pytest.fixture
def browser(tmp_path):
    if browsers.program() is None:
        pytest.skip("no Chromium on this machine (Debian's package is chromium)")
    running = browsers.Browser(tmp_path / "profile")
    yield running
    running.close()


def test_an_operation_can_be_read_and_tried(minilm, browser):
    browser.open(f"{minilm.url}/docs#/Inference/infer")
    browser.until("document.querySelectorAll('.opblock-tag').length >= 9")
    # What a path's operations share has a name and a field as well.
    browser.until("document.querySelector('#operations-Inference-infer tr[data-param-name=model_id] input') !== null")
    assert browser.evaluate("document.querySelector('.info .title').innerText").startswith("ModelMora")

    browser.evaluate("document.querySelector('#operations-tag-Registry button, #operations-tag-Registry').click()")
    browser.until("document.querySelector('#operations-Registry-listModels button.opblock-summary-control') !== null")
    browser.evaluate("document.querySelector('#operations-Registry-listModels button.opblock-summary-control').click()")
    browser.until("document.querySelector('#operations-Registry-listModels button.execute') !== null")
    browser.evaluate("document.querySelector('#operations-Registry-listModels button.execute').click()")
    shown = browser.until("(document.querySelector('#operations-Registry-listModels .live-responses-table') || {}).innerText")
    assert "200" in shown
    assert browser.until("document.querySelector('#operations-Registry-listModels .live-responses-table')"
                         ".innerText.includes('sentence-transformers/all-MiniLM-L6-v2')")

    assert browser.complaints() == []
    elsewhere = [address for address in browser.addresses() if not address.startswith((minilm.url, "data:", "about:"))]
    assert elsewhere == []
