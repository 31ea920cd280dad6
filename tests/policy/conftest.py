from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def no_configuration_of_whoever_runs_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for key in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GAZETTE_DAY"):
        monkeypatch.delenv(key, raising=False)
