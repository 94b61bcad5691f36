"""The buttons that open a notebook elsewhere point to the repository that the book was built from, or are absent."""

from types import SimpleNamespace

import pytest

from slopes.book import address, launch


def remote(url, branch="main"):
    """A git whose remote `origin` is `url`."""
    return lambda *arguments: url if arguments[0] == "remote" else branch


@pytest.mark.parametrize("url", [
    "https://github.com/owner/name", "https://github.com/owner/name.git", "https://github.com/owner/name/",
    "https://user:secret@github.com/owner/name.git", "git@github.com:owner/name.git", "ssh://git@github.com/owner/name",
])
def test_a_remote_on_a_public_host_is_known(url):
    assert launch.repository({}, remote(url)) == launch.Repository("github.com", "owner/name", "main")


@pytest.mark.parametrize("url", [
    "", "/srv/git/name", "../name", "file:///srv/git/name", "https://git.example/owner/name", "git@host:owner/name.git",
    "https://github.com/owner", "https://gitlab.com/group/subgroup/name",
])
def test_any_other_remote_is_unknown(url):
    assert launch.repository({}, remote(url)) is None


def test_branches_are_those_that_a_service_can_fetch():
    assert launch.repository({}, remote("git@github.com:o/n", "a/b")).branch == "a%2Fb"
    assert launch.repository({}, remote("git@github.com:o/n", "HEAD")).branch == "main"


def test_the_variables_of_a_service_come_before_the_remote():
    github = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/n", "GITHUB_SHA": "abc"}
    other = remote("https://gitlab.com/x/y")
    known = launch.Repository("github.com", "o/n", "dev")
    assert launch.repository(github | {"GITHUB_REF_NAME": "dev"}, other) == known
    assert launch.repository(github | {"GITHUB_REF_NAME": "12/merge"}, other).branch == "abc"
    gitlab = {"CI_PROJECT_URL": "https://gitlab.com/o/n", "CI_COMMIT_BRANCH": "dev"}
    assert launch.repository(gitlab, other) == launch.Repository("gitlab.com", "o/n", "dev")
    assert launch.repository({"GITHUB_SERVER_URL": "https://git.example", "GITHUB_REPOSITORY": "o/n"}, other) is None


@pytest.mark.parametrize("environ, wanted", [
    ({"GITHUB_REPOSITORY": "Owner/name"}, "https://owner.github.io/name/"),
    ({"GITHUB_REPOSITORY": "owner/owner.github.io"}, "https://owner.github.io/"),
    ({"CI_PROJECT_URL": "https://gitlab.com/owner/name"}, "https://owner.gitlab.io/name/"),
    ({"GITHUB_REPOSITORY": "owner/name", "SLOPES_SITE": "https://course.test/book"}, "https://course.test/book/"),
    ({}, ""),
])
def test_the_address_of_the_site(environ, wanted):
    assert address.site(environ) == wanted


def test_an_address_that_is_none_is_refused():
    with pytest.raises(ValueError, match="SLOPES_SITE must be the address of the site.*got 'course.test'"):
        address.site({"SLOPES_SITE": "course.test"})


def test_without_a_repository_no_button_is_asked_for(monkeypatch):
    monkeypatch.setattr(launch, "repository", lambda: None)
    config = SimpleNamespace(html_theme_options={})
    launch._configure(None, config)
    assert config.html_theme_options == {}
