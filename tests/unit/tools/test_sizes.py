from __future__ import annotations

import pytest

import sizes


def faults(source: str, name: str = "src/muybridge/media/writer.py") -> list[str]:
    return list(sizes.faults_in(source, name))


def function_of(lines: int) -> str:
    return "def act():\n" + "    x = 1\n" * (lines - 1)


def test_a_function_of_60_lines_passes_and_of_61_fails() -> None:
    assert faults(function_of(60)) == []
    assert "act has 61 lines; 60 at most" in faults(function_of(61))[0]


def test_a_method_and_an_async_function_are_measured_too() -> None:
    body = function_of(70).replace("\n", "\n    ")
    assert len(faults(f"class Writer:\n    {body}\n")) == 1
    assert len(faults("async " + function_of(70))) == 1


def test_a_file_of_600_lines_passes_and_of_601_fails() -> None:
    assert faults("x = 1\n" * 600) == []
    assert "601 lines; 600 at most" in faults("x = 1\n" * 601)[0]


@pytest.mark.parametrize("name", ["Manager", "TaskManager", "HTTPDataProcessor", "Core", "FileUtils"])
def test_a_class_that_says_nothing_is_refused(name: str) -> None:
    assert faults(f"class {name}:\n    pass\n")


@pytest.mark.parametrize("name", ["Datum", "Score", "Encore", "Commoner", "Update"])
def test_a_class_that_only_sounds_like_one_is_not(name: str) -> None:
    assert faults(f"class {name}:\n    pass\n") == []


@pytest.mark.parametrize("name", ["utils", "data", "task_helpers", "asset_store", "common"])
def test_a_file_that_says_nothing_is_refused(name: str) -> None:
    assert faults("", f"src/muybridge/media/{name}.py")


def test_wire_words_stay_wire_words_in_the_wire() -> None:
    source = "class VideoGeneration:\n    pass\n"
    assert faults(source, "src/muybridge/wire/requests.py") == []
    assert faults(source, "src/muybridge/puppet/render.py")


def test_a_function_says_what_it_does_not_that_it_handles() -> None:
    assert faults("def handle_task():\n    pass\n")


def test_a_function_is_measured_without_the_functions_inside_it() -> None:
    inner = function_of(50).replace("\n", "\n    ").rstrip()
    assert faults(f"def routes():\n    {inner}\n    {inner.replace('act', 'pause')}\n") == []
    assert faults(f"def routes():\n    {function_of(61).replace(chr(10), chr(10) + '    ').rstrip()}\n")


def test_a_name_that_a_library_asks_for_is_its_own_business() -> None:
    assert faults("class Transport:\n    def handle_request(self):\n        pass\n") == []
