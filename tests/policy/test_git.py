from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazette.errors import UsageError
from gazette.policy import objects
from gazette.policy.git import GitError, MissingObject, Repository
from tests.policy.sites import git, started_commands

FILES = {"01-a.md": b"one\n", "02-b.md": b"two\r\n", "assets/deep/i.png": bytes(range(256)), "a.b": b"", "a/x": b"1"}


def _repository(folder: Path, *options: str) -> Repository:
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main", *options)
    return Repository.find(folder)


@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_a_tree_is_written_on_an_unborn_head_and_read_back(tmp_path: Path, form: str) -> None:
    with _repository(tmp_path, f"--object-format={form}") as repository:
        tree = repository.write_tree(FILES)
        assert repository.read_trees([tree]) == {tree: FILES}
        assert tree == objects.tree_id(FILES, form)
        assert len(tree) == (40 if form == "sha1" else 64)
        assert not repository.has_commits
        git(tmp_path, "fsck", "--strict", "--full")


def test_a_written_tree_is_the_one_that_git_add_makes(tmp_path: Path) -> None:
    with _repository(tmp_path) as repository:
        for name, data in FILES.items():
            path = tmp_path / "text" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        git(tmp_path, "add", "--all")
        git(tmp_path, "commit", "-q", "-m", "all")
        committed = git(tmp_path, "rev-parse", "HEAD:text")
        assert repository.write_tree(FILES) == committed
        assert repository.tree_of_folder(tmp_path / "text") == committed


names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=8).filter(
    lambda name: name not in (".", "..") and name.lower() != ".git"
)


@settings(max_examples=40, deadline=None)
@given(files=st.dictionaries(names, st.binary(max_size=40), max_size=6))
def test_any_names_and_bytes_come_back(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]) -> None:
    with _repository(tmp_path_factory.getbasetemp() / "any") as repository:
        tree = repository.write_tree(files)
        assert repository.read_trees([tree])[tree] == files


def test_many_trees_need_one_process_to_write_and_one_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = started_commands(monkeypatch)
    with _repository(tmp_path) as repository:
        trees = [{"01-a.md": b"same\n", "02-b.md": f"{n}\n".encode()} for n in range(2000)]
        assert not repository.has_commits  # which loads GitPython, and that asks git for its version
        started.clear()
        ids = repository.write_trees(trees)
        back = repository.read_trees([*ids, *ids])
    assert started == ["index-pack", "cat-file"]
    assert [back[tree] for tree in ids] == trees


def test_what_is_staged_stays_as_it_is(tmp_path: Path) -> None:
    with _repository(tmp_path) as repository:
        (tmp_path / "text").mkdir()
        (tmp_path / "text" / "a.md").write_text("staged\n")
        git(tmp_path, "add", "text/a.md")
        (tmp_path / "text" / "a.md").write_text("working\n")
        (tmp_path / "text" / "new.md").write_text("new\n")
        before = git(tmp_path, "ls-files", "--stage")
        tree = repository.tree_of_folder(tmp_path / "text")
        assert git(tmp_path, "ls-files", "--stage") == before
        assert repository.read_trees([tree])[tree] == {"a.md": b"working\n", "new.md": b"new\n"}


@pytest.mark.parametrize("setting", ["autocrlf", "attributes"])
def test_a_folder_is_stored_as_filters_would_store_it(tmp_path: Path, setting: str) -> None:
    with _repository(tmp_path) as repository:
        if setting == "autocrlf":
            git(tmp_path, "config", "core.autocrlf", "true")
        else:
            (tmp_path / ".gitattributes").write_text("*.md text eol=crlf\n")
        (tmp_path / "text").mkdir()
        (tmp_path / "text" / "a.md").write_bytes(b"one\r\ntwo\r\n")
        tree = repository.tree_of_folder(tmp_path / "text")
        assert repository.read_trees([tree])[tree] == {"a.md": b"one\ntwo\n"}


def test_a_conflict_elsewhere_does_not_hinder(tmp_path: Path) -> None:
    with _repository(tmp_path) as repository:
        (tmp_path / "text").mkdir()
        (tmp_path / "text" / "a.md").write_text("a\n")
        (tmp_path / "other").write_text("base\n")
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-q", "-m", "base")
        git(tmp_path, "checkout", "-q", "-b", "side")
        (tmp_path / "other").write_text("side\n")
        git(tmp_path, "commit", "-q", "-a", "-m", "side")
        git(tmp_path, "checkout", "-q", "main")
        (tmp_path / "other").write_text("main\n")
        git(tmp_path, "commit", "-q", "-a", "-m", "main")
        with pytest.raises(AssertionError):
            git(tmp_path, "merge", "side")
        assert repository.tree_of_folder(tmp_path / "text") == git(tmp_path, "rev-parse", "HEAD:text")


def test_links_and_submodules_are_no_files_of_a_text(tmp_path: Path) -> None:
    with _repository(tmp_path) as repository:
        (tmp_path / "text").mkdir()
        (tmp_path / "text" / "a.md").write_text("a\n")
        (tmp_path / "text" / "b.md").symlink_to("a.md")
        tree = repository.tree_of_folder(tmp_path / "text")
        assert set(repository.read_trees([tree])[tree]) == {"a.md"}


def test_a_folder_that_git_ignores_cannot_be_stored(tmp_path: Path) -> None:
    with _repository(tmp_path) as repository:
        (tmp_path / ".gitignore").write_text("text/\n")
        (tmp_path / "text").mkdir()
        (tmp_path / "text" / "a.md").write_text("a\n")
        with pytest.raises(GitError, match="ignored"):
            repository.tree_of_folder(tmp_path / "text")


def test_what_is_missing_is_named_with_the_command_that_mends_it(tmp_path: Path) -> None:
    with _repository(tmp_path) as repository:
        blob = objects.object_id("blob", b"one\n")
        tree = repository.write_tree({"a": b"one\n"})
        with pytest.raises(MissingObject, match="gazette verify --repair") as caught:
            repository.read_trees([tree, "f" * 40, blob])
        assert caught.value.ids == ("f" * 40, blob)
        assert repository.list_trees(["f" * 40, tree]) == {tree: {"a": blob}}


def test_a_tree_whose_file_is_missing_is_missing(tmp_path: Path) -> None:
    with _repository(tmp_path) as repository:
        data = objects._entry_bytes(objects.Entry(objects.FILE, "a", "1" * 40))
        lone = objects.Stored(objects.object_id("tree", data), "tree", data)
        repository._write({lone.id: lone})
        with pytest.raises(MissingObject):
            repository.read_trees([lone.id])


def test_history_is_listed_by_folder_and_whole(tmp_path: Path) -> None:
    with _repository(tmp_path) as repository:
        assert repository.trees_in_history() == {}
        trees = []
        for number in range(3):
            (tmp_path / "p" / "text").mkdir(parents=True, exist_ok=True)
            (tmp_path / "p" / "text" / "a.md").write_text(f"{number}\n")
            git(tmp_path, "add", ".")
            git(tmp_path, "commit", "-q", "-m", str(number))
            trees.append(git(tmp_path, "rev-parse", "HEAD:p/text"))
        git(tmp_path, "mv", "p", "q")
        git(tmp_path, "commit", "-q", "-m", "rename")
        assert set(trees[:2]).isdisjoint(repository.trees_in_history(tmp_path / "q"))
        assert set(trees) <= set(repository.trees_in_history())
        assert trees[-1] in repository.trees_at("HEAD")
        assert trees[0] not in repository.trees_at("HEAD")
        assert repository.published_revision() == "HEAD"
        assert repository.file_at("HEAD", tmp_path / "q" / "text" / "a.md") == b"2\n"
        assert repository.file_at("HEAD", tmp_path / "p" / "text" / "a.md") is None
        assert repository.mentions("HEAD", "2")
        assert not repository.mentions("HEAD", "nowhere")


def test_outside_a_repository_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is in no git repository; run 'git init'"):
        Repository.find(tmp_path)


def test_a_folder_outside_the_repository_is_wrong_use(tmp_path: Path) -> None:
    with (
        _repository(tmp_path / "inside") as repository,
        pytest.raises(UsageError, match="lies outside the repository"),
    ):
        repository.tree_of_folder(tmp_path)


def test_a_bare_repository_is_wrong_use(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "x.git")
    with pytest.raises(UsageError, match="git cannot use the repository"):
        Repository.find(tmp_path / "x.git")


def test_without_git_the_message_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="git is not installed"):
        Repository.find(tmp_path)


def test_an_object_that_is_damaged_is_an_error_with_git_s_words(tmp_path: Path) -> None:
    with _repository(tmp_path) as repository:
        (tmp_path / "large").write_bytes(random.Random(1).randbytes(1_000_000))
        blob = git(tmp_path, "hash-object", "-w", "large")
        path = tmp_path / ".git" / "objects" / blob[:2] / blob[2:]
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:500_000])
        with pytest.raises(GitError, match="git fsck"):
            repository.read_blobs([blob])


def test_no_process_is_left_behind(tmp_path: Path) -> None:
    with _repository(tmp_path) as repository:
        repository.read_blobs(["0" * 40])
        process = repository._reader._process
        assert process is not None
        assert process.poll() is None
    assert process.poll() is not None


def test_a_file_changed_within_the_same_moment_is_seen(tmp_path: Path) -> None:
    with _repository(tmp_path) as repository:
        text = tmp_path / "text"
        text.mkdir()
        for number in range(10):
            (text / "a.md").write_text(f"{number}\n")
            git(tmp_path, "add", ".")
            (text / "a.md").write_text(f"{number + 1}\n")
            tree = repository.tree_of_folder(text)
            assert repository.read_trees([tree])[tree] == {"a.md": f"{number + 1}\n".encode()}
