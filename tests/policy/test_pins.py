from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gazette.errors import ContentError, UsageError
from gazette.policy import archive, verification
from gazette.policy.canonical import digest
from gazette.policy.files import text_files
from gazette.policy.git import Repository
from gazette.policy.model import Change, Section, Text
from tests.policy.sites import Site, git, started_commands

EXAMPLE_DAY = date(2024, 1, 10)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site.create(tmp_path / "site")


def _publish(site: Site, label: str, *bodies: str) -> None:
    site.write(*bodies)
    site.record(label)
    site.commit(label)


def _said(site: Site) -> list[str]:
    return [str(problem) for problem in verification.verify(site.pins(), site.read()[0])]


def _bodies(site: Site, label: str) -> list[str]:
    policy = site.one()
    version = policy.version(label)
    assert version is not None
    return [section.body for section in site.pins().text(policy, version).sections]


def _repair(site: Site) -> list[str]:
    return [f"{r.label}: {r.what}" for r in verification.repair(site.pins(), site.read()[0], site.day)]


def test_every_version_is_read_by_its_pin(site: Site) -> None:
    _publish(site, "2024-01-01", "One.")
    _publish(site, "2024-01-02", "One.", "Two.")
    site.write("Draft.")
    assert _said(site) == []
    assert _bodies(site, "2024-01-01") == ["One."]
    assert _bodies(site, "2024-01-02") == ["One.", "Two."]
    policy = site.one()
    texts = site.pins().texts(policy)
    assert {label: digest(text) for label, text in texts.items()} == {v.label: v.digest for v in policy.versions}


def test_shared_sections_are_parsed_once(site: Site) -> None:
    for number in range(1, 6):
        _publish(site, f"2024-01-0{number}", "Never changes.", f"Number {number}.")
    texts = site.pins().texts(site.one())
    assert len({id(text.sections[0]) for text in texts.values()}) == 1


def test_pins_survive_a_squash_merge_of_one_release(site: Site) -> None:
    _publish(site, "2024-01-01", "One.")
    git(site.root, "checkout", "-q", "-b", "draft")
    site.write("Half-written.")
    site.commit("half")
    _publish(site, "2024-01-02", "Two.")
    git(site.root, "checkout", "-q", "main")
    git(site.root, "merge", "-q", "--squash", "draft")
    git(site.root, "commit", "-q", "-m", "squashed")
    git(site.root, "branch", "-q", "-D", "draft")
    fresh = _clone(site)
    assert _said(fresh) == []
    assert _bodies(fresh, "2024-01-02") == ["Two."]


def test_a_squash_merge_of_two_releases_loses_a_text_unless_it_is_archived(site: Site) -> None:
    _publish(site, "2024-01-01", "One.")
    git(site.root, "checkout", "-q", "-b", "draft")
    _publish(site, "2024-01-02", "Two.")
    _publish(site, "2024-01-03", "Three.")
    pins, policy = site.pins(), site.one()
    assert [v.label for v in verification.lost_by_squash(pins, policy, "main")] == ["2024-01-02"]
    git(site.root, "checkout", "-q", "main")
    git(site.root, "merge", "-q", "--squash", "draft")
    git(site.root, "commit", "-q", "-m", "squashed")
    git(site.root, "branch", "-q", "-D", "draft")
    assert "only this clone has the pinned tree" in _said(site)[0]
    assert "git has no tree" in _said(_clone(site, "before"))[0]
    assert _repair(site) == ["2024-01-02: wrote archive/2024-01-02/"]
    assert _said(site) == []
    site.commit("archive")
    fresh = _clone(site)
    assert _said(fresh) == []
    assert _bodies(fresh, "2024-01-02") == ["Two."]
    assert verification.lost_by_squash(site.pins(), site.one(), "HEAD~1") == ()


def test_a_concurrent_edit_on_main_is_found_and_the_released_text_kept(site: Site) -> None:
    _publish(site, "2024-01-01", "One.", "Shared.")
    git(site.root, "checkout", "-q", "-b", "release")
    _publish(site, "2024-01-02", "Changed.", "Shared.")
    git(site.root, "checkout", "-q", "main")
    site.write("One.", "Edited on main.")
    site.commit("concurrent")
    git(site.root, "checkout", "-q", "release")
    git(site.root, "rebase", "-q", "main")
    policy = site.one()
    assert policy.text is not None
    assert [section.body for section in policy.text.sections] == ["Changed.", "Edited on main."]
    assert "only this clone has the pinned tree" in _said(site)[0]
    assert _repair(site) == ["2024-01-02: wrote archive/2024-01-02/"]
    site.commit("archive")
    git(site.root, "checkout", "-q", "main")
    git(site.root, "merge", "-q", "--squash", "release")
    git(site.root, "commit", "-q", "-m", "squashed")
    assert _bodies(_clone(site), "2024-01-02") == ["Changed.", "Shared."]


def test_a_text_lost_before_anyone_saw_it_is_pinned_anew(site: Site) -> None:
    _publish(site, "2024-01-01", "One.", "Shared.")
    upstream = _clone(site, "upstream", "--bare").root
    git(site.root, "remote", "add", "origin", str(upstream))
    git(site.root, "fetch", "-q", "origin")
    git(site.root, "remote", "set-head", "origin", "main")
    git(site.root, "checkout", "-q", "-b", "release")
    _publish(site, "2024-01-02", "Changed.", "Shared.")
    site.write("Changed.", "Edited since.")
    git(site.root, "add", "--all")
    git(site.root, "commit", "-q", "--amend", "-m", "amended")
    git(site.root, "push", "-q", "origin", "HEAD:release")
    other = _clone(site.at(upstream), "other", "-b", "release")
    assert "git has no tree" in _said(other)[0]
    assert _repair(other) == ["2024-01-02: not yet published: pinned to text/ as it is now"]
    assert _said(other) == []
    assert _bodies(other, "2024-01-02") == ["Changed.", "Edited since."]


def test_what_was_published_is_never_pinned_to_other_words(site: Site) -> None:
    _publish(site, "2024-01-01", "One.")
    record = site.folder / "versions" / "2024-01-01.md"
    site.write("Other words.")
    record.write_text(record.read_text().replace(site.one().versions[0].tree, "0" * 40))
    site.commit("the record pins what nobody has")
    git(site.root, "checkout", "-q", "--orphan", "rewritten")
    site.commit("history lost")
    git(site.root, "branch", "-q", "-D", "main")
    assert _repair(site) == []
    assert "git has no tree 0000" in _said(site)[0]


def test_an_import_without_a_commit_survives_gc(site: Site) -> None:
    site.write("One.")
    first = site.record("2024-01-01", imported=True)
    files = {path.name: path.read_bytes() for path in (site.folder / "text").iterdir()}
    archive.write_archive(site.folder, first.label, files)
    site.write("Two.")
    site.record("2024-01-02", imported=True)
    assert _said(site) == []
    git(site.root, "gc", "-q", "--prune=now")
    assert _bodies(site, "2024-01-01") == ["One."]
    assert _said(site) == [
        "content/terms/versions/2024-01-02.md:6: git has no tree "
        + site.one().versions[1].tree
        + ("; run 'git fetch --all' to get it from another clone, then 'gazette verify --repair'")
    ]
    assert _repair(site) == ["2024-01-02: pinned to text/, which has the recorded words"]
    assert _said(site) == []
    site.commit("import")
    assert _said(_clone(site)) == []
    # The archived tree is the pinned one: git stores nothing twice.
    assert git(site.root, "rev-parse", f"HEAD:content/terms/archive/{first.label}") == first.tree


def test_pins_survive_a_rebase(site: Site) -> None:
    _publish(site, "2024-01-01", "One.")
    git(site.root, "checkout", "-q", "-b", "topic")
    _publish(site, "2024-01-02", "Two.")
    _publish(site, "2024-01-03", "Three.")
    git(site.root, "checkout", "-q", "main")
    (site.root / "unrelated").write_text("x\n")
    site.commit("unrelated")
    git(site.root, "checkout", "-q", "topic")
    git(site.root, "rebase", "-q", "main")
    git(site.root, "reflog", "expire", "--expire=now", "--all")
    git(site.root, "gc", "-q", "--prune=now")
    assert _said(site) == []
    assert _bodies(site, "2024-01-02") == ["Two."]


def test_pins_survive_a_renamed_policy_folder(site: Site) -> None:
    _publish(site, "2024-01-01", "One.")
    _publish(site, "2024-01-02", "Two.")
    git(site.root, "mv", "content/terms", "content/conditions")
    site.policy = "conditions"
    assert _said(site) == []
    site.commit("renamed")
    assert _said(_clone(site)) == []
    assert _bodies(site, "2024-01-01") == ["One."]


def test_pins_are_read_on_a_detached_head(site: Site) -> None:
    _publish(site, "2024-01-01", "One.")
    _publish(site, "2024-01-02", "Two.")
    git(site.root, "checkout", "-q", "--detach", "HEAD~1")
    assert _said(site) == []
    assert [version.label for version in site.one().versions] == ["2024-01-01"]


def test_pins_are_read_in_a_work_tree(site: Site) -> None:
    _publish(site, "2024-01-01", "One.")
    git(site.root, "worktree", "add", "-q", "../tree", "-b", "other")
    other = site.at(site.root.parent / "tree")
    _publish(other, "2024-01-02", "Two.")
    assert _said(other) == []
    assert _bodies(other, "2024-01-01") == ["One."]


def test_the_repository_may_be_a_parent_folder(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    site = Site.create(tmp_path / "web" / "policies")
    shutil.rmtree(site.root / ".git")
    _publish(site, "2024-01-01", "One.")
    _publish(site, "2024-01-02", "Two.")
    assert Repository.find(site.content).root == tmp_path.resolve()
    assert _said(site) == []
    assert _bodies(site, "2024-01-01") == ["One."]


def test_before_the_first_commit_the_working_text_keeps_its_pin(site: Site) -> None:
    site.write("One.")
    site.record("2024-01-01")
    assert _said(site) == []
    site.write("Two.")
    assert "only this clone has the pinned tree" in _said(site)[0]


def test_a_shallow_clone_names_the_command_that_mends_it(site: Site) -> None:
    for number in range(1, 7):
        _publish(site, f"2024-01-0{number}", f"{number}.")
    shallow = _clone(site, "shallow", "--depth=1")
    policy = shallow.one()
    said = _said(shallow)
    assert said == [
        "content/terms/versions: git has not the texts of 2024-01-01, 2024-01-02, 2024-01-03 and 2 more versions; "
        "this clone is shallow: run 'git fetch --unshallow'"
    ]
    with pytest.raises(ContentError, match="git fetch --unshallow"):
        shallow.pins().text(policy, policy.versions[0])
    assert _bodies(shallow, "2024-01-06") == ["6."]
    git(shallow.root, "fetch", "-q", "--unshallow")
    assert _said(shallow) == []


def test_a_shallow_clone_is_enough_where_the_texts_are_archived(site: Site) -> None:
    _publish(site, "2024-01-01", "One.")
    policy = site.one()
    archive.write_archive(site.folder, "2024-01-01", site.pins().files(policy, policy.versions[0]))
    _publish(site, "2024-01-02", "Two.")
    shallow = _clone(site, "shallow", "--depth=1")
    assert _said(shallow) == []
    assert _bodies(shallow, "2024-01-01") == ["One."]


def test_a_partial_clone_fetches_what_it_lacks(site: Site) -> None:
    _publish(site, "2024-01-01", "One.")
    _publish(site, "2024-01-02", "Two.")
    git(site.root, "config", "uploadpack.allowFilter", "true")
    partial = _clone(site, "partial", "--filter=blob:none")
    assert _bodies(partial, "2024-01-01") == ["One."]
    assert _said(partial) == []


def test_a_missing_tree_is_never_an_empty_text(site: Site) -> None:
    _publish(site, "2024-01-01", "One.")
    record = site.folder / "versions" / "2024-01-01.md"
    policy = site.one()
    record.write_text(record.read_text().replace(policy.versions[0].tree, "1" * 40))
    policy = site.one()
    with pytest.raises(ContentError, match="git has no tree 1111"):
        site.pins().text(policy, policy.versions[0])
    with pytest.raises(ContentError, match=r"2024-01-01\.md:6: git has no tree"):
        site.pins().texts(policy)
    # The words are in the history: the record is mended by its digest.
    assert _repair(site) == ["2024-01-01: pinned to text/, which has the recorded words"]
    assert _said(site) == []


def test_a_record_is_mended_from_history_by_its_digest(site: Site) -> None:
    _publish(site, "2024-01-01", "One.")
    _publish(site, "2024-01-02", "Two.")
    record = site.folder / "versions" / "2024-01-01.md"
    tree = site.one().versions[0].tree
    record.write_text(record.read_text().replace(tree, f"{'1' * 40} # as published"))
    assert _repair(site) == ["2024-01-01: pinned to another tree of the history, which has the recorded words"]
    assert f"text: {tree} # as published\n" in record.read_text()


def test_a_changed_digest_or_pin_does_not_go_unnoticed(site: Site) -> None:
    _publish(site, "2024-01-01", "One.")
    _publish(site, "2024-01-02", "Two.")
    first, second = site.one().versions
    record = site.folder / "versions" / "2024-01-01.md"
    record.write_text(record.read_text().replace(first.tree, second.tree))
    assert _said(site)[0].startswith(
        "content/terms/versions/2024-01-01.md:7: the digest is not that of the pinned text"
    )
    with pytest.raises(ContentError, match="the digest is not that"):
        site.pins().text(site.one(), site.one().versions[0])


def test_an_archive_that_was_edited_is_found_and_written_again(site: Site) -> None:
    _publish(site, "2024-01-01", "One.")
    policy = site.one()
    archive.write_archive(site.folder, "2024-01-01", site.pins().files(policy, policy.versions[0]))
    edited = site.folder / "archive" / "2024-01-01" / "01-s1.md"
    edited.write_text("something else")
    assert "archive/2024-01-01/ does not hold the pinned tree" in _said(site)[0]
    assert _repair(site) == ["2024-01-01: wrote archive/2024-01-01/"]
    assert _said(site) == []


@pytest.mark.parametrize("setting", ["autocrlf", "attributes"])
def test_line_end_filters_change_no_pin_and_make_no_draft(site: Site, setting: str) -> None:
    if setting == "autocrlf":
        git(site.root, "config", "core.autocrlf", "true")
    else:
        (site.root / ".gitattributes").write_text("*.md text eol=crlf\n")
    site.write("One.\n\nTwo.")
    text = site.folder / "text" / "01-s1.md"
    text.write_bytes(text.read_bytes().replace(b"\n", b"\r\n"))
    version = site.record("2024-01-01")
    site.commit("release")
    archive.write_archive(site.folder, "2024-01-01", site.pins().files(site.one(), version))
    site.commit("archive")
    assert version.tree == git(site.root, "rev-parse", "HEAD:content/terms/text")
    assert version.tree == git(site.root, "rev-parse", "HEAD:content/terms/archive/2024-01-01")
    fresh = _clone(site, "fresh", "-c", "core.autocrlf=true")
    assert b"\r\n" in (fresh.folder / "text" / "01-s1.md").read_bytes()
    assert b"\r\n" not in (fresh.folder / "archive" / "2024-01-01" / "01-s1.md").read_bytes()
    assert _said(fresh) == []
    policy = fresh.one()
    assert policy.text is not None
    assert digest(policy.text) == version.digest


def test_a_repository_with_sha_256_works(tmp_path: Path) -> None:
    site = Site.create(tmp_path / "site", "--object-format=sha256")
    _publish(site, "2024-01-01", "One.")
    _publish(site, "2024-01-02", "Two.")
    assert len(site.one().versions[0].tree) == 64
    assert _said(site) == []
    assert _bodies(site, "2024-01-01") == ["One."]
    policy = site.one()
    archive.write_archive(site.folder, "2024-01-01", site.pins().files(policy, policy.versions[0]))
    assert _said(site) == []


def test_without_git_the_archive_is_enough_and_its_absence_an_error(site: Site) -> None:
    _publish(site, "2024-01-01", "One.")
    policy = site.one()
    archive.write_archive(site.folder, "2024-01-01", site.pins().files(policy, policy.versions[0]))
    shutil.rmtree(site.root / ".git")
    assert _bodies(site, "2024-01-01") == ["One."]
    shutil.rmtree(site.folder / "archive")
    with pytest.raises(UsageError, match="is in no git repository"):
        site.pins()


def test_images_are_pinned_with_the_text(site: Site) -> None:
    site.write("![A map](assets/map.png)")
    (site.folder / "text" / "assets").mkdir()
    (site.folder / "text" / "assets" / "map.png").write_bytes(b"\x89PNG\x00")
    site.record("2024-01-01", change=Change.INITIAL)
    site.commit("release")
    shutil.rmtree(site.folder / "text" / "assets")
    site.write("No map any more.")
    policy = site.one()
    text = site.pins().text(policy, policy.versions[0])
    assert [path for path, _ in text.assets] == ["assets/map.png"]
    assert site.pins().files(policy, policy.versions[0])["assets/map.png"] == b"\x89PNG\x00"


def test_an_image_that_git_lost_is_found(site: Site) -> None:
    site.write("![A map](assets/map.png)")
    (site.folder / "text" / "assets").mkdir()
    (site.folder / "text" / "assets" / "map.png").write_bytes(b"\x89PNG\x00")
    site.record("2024-01-01")
    site.commit("release")
    blob = git(site.root, "rev-parse", "HEAD:content/terms/text/assets/map.png")
    (site.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert "but not all of its other files" in _said(site)[0]
    policy = site.one()
    with pytest.raises(ContentError, match="git has no tree"):
        site.pins().files(policy, policy.versions[0])


def test_hundreds_of_versions_are_read_in_one_process(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    _publish(site, "2024-01-01", "One.")
    policy = site.one()
    with Repository.find(site.root) as repository:
        trees = repository.write_trees(text_files(Text((Section("s1", "Section", f"{n}."),))) for n in range(500))
    base = policy.versions[0]
    many = replace(
        policy, versions=tuple(replace(base, label=f"v{n}", tree=tree, digest="") for n, tree in enumerate(trees))
    )
    started = started_commands(monkeypatch)
    pins = site.pins()
    assert [pins.text(many, version).sections[0].body for version in many.versions] == [f"{n}." for n in range(500)]
    assert started.count("cat-file") == 1


def _clone(site: Site, name: str = "clone", *options: str) -> Site:
    target = site.root.parent / name
    git(site.root.parent, "clone", "-q", *options, f"file://{site.root}", str(target))
    return site.at(target)
