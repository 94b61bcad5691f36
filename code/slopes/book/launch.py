"""Where the book's repository lives, and the buttons that open a notebook from there.

The address comes from the variables of a continuous-integration service, or else from the git
remote `origin` where that is a public code host. Where neither is known there are no such buttons;
no address is ever made up.
"""

import os
import re
import subprocess
from dataclasses import dataclass
from urllib.parse import quote

_HOSTS = ("github.com", "gitlab.com")
_HTTPS = re.compile(r"https?://(?:[^@/]+@)?([^/:]+)/(.+?)(?:\.git)?/?$")
_SSH = re.compile(r"(?:ssh://)?git@([^:/]+)[:/](.+?)(?:\.git)?/?$")
COLAB_BRANCH = "colab"  # .github/workflows publishes there the notebooks whose first cell installs the package


@dataclass(frozen=True)
class Repository:
    host: str
    name: str  # owner/name
    branch: str

    @property
    def url(self):
        return f"https://{self.host}/{self.name}"


def setup(app):
    app.connect("config-inited", _configure)
    app.connect("html-page-context", _mend_colab, priority=502)  # the theme adds its buttons at 501


def repository(environ=os.environ, git=None):
    """The repository that the book is built from, or None where that is unknown.

    environ: as os.environ. git: a function of the arguments of a git command, giving its output.
    """
    git = git or _git
    if name := environ.get("GITHUB_REPOSITORY"):
        return _known(f"{environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{name}", _github_branch(environ))
    if url := environ.get("CI_PROJECT_URL"):
        return _known(url, environ.get("CI_COMMIT_BRANCH") or environ.get("CI_DEFAULT_BRANCH"))
    return _known(git("remote", "get-url", "origin"), git("rev-parse", "--abbrev-ref", "HEAD"))


def _github_branch(environ):
    name = environ.get("GITHUB_REF_NAME", "")
    return environ.get("GITHUB_SHA") if "/" in name else name  # a pull request is "12/merge", which nobody can fetch


def _known(url, branch):
    match = _HTTPS.match(url or "") or _SSH.match(url or "")
    if not match or match[1] not in _HOSTS or match[2].count("/") != 1:
        return None
    return Repository(match[1], match[2], "main" if branch in (None, "", "HEAD") else quote(branch, safe=""))


def _git(*arguments):
    try:
        run = subprocess.run(["git", *arguments], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.strip() if run.returncode == 0 else ""


def _configure(app, config):
    home = repository()
    if home is None:
        return
    config.html_theme_options |= {
        "repository_url": home.url,
        "repository_branch": home.branch,
        "use_repository_button": True,
        "launch_buttons": {"binderhub_url": "https://mybinder.org", "notebook_interface": "jupyterlab"}
        | ({"colab_url": "https://colab.research.google.com"} if home.host == "github.com" else {}),
    }


def _mend_colab(app, pagename, templatename, context, doctree):
    """Colab opens the notebooks of another branch than Binder, which the theme cannot say."""
    branch = f"/blob/{app.config.html_theme_options.get('repository_branch')}/"
    for button in context.get("header_buttons", []):
        for entry in button.get("buttons", []):
            if entry.get("text") == "Colab":
                entry["url"] = entry["url"].replace(branch, f"/blob/{COLAB_BRANCH}/", 1)
