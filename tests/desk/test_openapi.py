"""The OpenAPI document against the desk: what Schemathesis makes of it never fails the desk nor gets an answer it does not document."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi import FastAPI

from legation.desk import app
from legation.reading import read
from legation.schema import Article

schemathesis = pytest.importorskip("schemathesis")

EXAMPLES = 25
"""Requests of an operation, made from the document alone: well-formed ones and others."""


@pytest.mark.slow
def test_no_failure_and_no_answer_that_is_not_documented(where: Path, served: Callable[[FastAPI], str]) -> None:
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.checks import load_all_checks
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    load_all_checks()
    read(Article(id="0", source="warm", text="Ruritania expelled two diplomats."))
    schema = schemathesis.openapi.from_url(served(app(where)) + "/openapi.json")
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def holds(case: object) -> None:
            # a document cannot say which dates, posts and ids there are, so 422 and 404 stay possible for data that fits it
            nonlocal asked
            asked += 1
            case.call_and_validate(excluded_checks=[positive_data_acceptance], timeout=60)  # type: ignore[attr-defined]

        holds()
    assert asked > 20 * EXAMPLES / 2
