"""The secrets that are planted for a build under observation: files in a made-up home, variables in its environment.

They look like what build-time malware was seen to collect (shared spec behaviour 1). None of them opens anything; each
contains the canary of its run, so that one is recognised wherever it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping

HIDDEN_IN_SOURCES = (".env", ".env.local", ".git/config", ".npmrc", ".netrc")
"""Files of a workspace that hold secrets where they exist, and that no compiler reads."""


def home_files(canary: str) -> Mapping[str, str]:
    """Return the files of a made-up home, by their path in it."""
    key = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{canary}\n-----END OPENSSH PRIVATE KEY-----\n"
    return {
        ".ssh/id_ed25519": key,
        ".ssh/id_rsa": key,
        ".ssh/config": f"Host *\n  User {canary}\n",
        ".ssh/authorized_keys": f"ssh-ed25519 {canary}\n",
        ".ssh/known_hosts": f"github.com ssh-ed25519 {canary}\n",
        ".aws/credentials": f"[default]\naws_access_key_id = AKIA{canary}\naws_secret_access_key = {canary}\n",
        ".config/gh/hosts.yml": f"github.com:\n  oauth_token: gho_{canary}\n",
        ".config/gcloud/application_default_credentials.json": f'{{"refresh_token": "{canary}"}}\n',
        ".config/solana/id.json": f'["{canary}"]\n',
        ".docker/config.json": f'{{"auths": {{"registry": {{"auth": "{canary}"}}}}}}\n',
        ".kube/config": f"users:\n- user:\n    token: {canary}\n",
        ".npmrc": f"//registry/:_authToken=npm_{canary}\n",
        ".netrc": f"machine github.com login ci password {canary}\n",
        ".git-credentials": f"https://ci:{canary}@github.com\n",
        ".gitconfig": f"[user]\n\tname = ci\n\temail = {canary}@localhost\n",
        ".bash_history": f"export TOKEN={canary}\n",
        ".bashrc": "# nothing here\n",
        ".profile": "# nothing here\n",
        ".zshrc": "# nothing here\n",
    }


def cargo_credentials(canary: str) -> str:
    """Return what stands in the place of cargo's own credentials."""
    return f'[registry]\ntoken = "{canary}"\n'


def environment(canary: str) -> Mapping[str, str]:
    """Return planted variables: signs of a CI machine, which some code waits for, and tokens it would look for."""
    return {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITLAB_CI": "true",
        "GITHUB_TOKEN": f"ghp_{canary}",
        "CI_JOB_TOKEN": canary,
        "CARGO_REGISTRY_TOKEN": f"cio{canary}",
        "AWS_ACCESS_KEY_ID": f"AKIA{canary}",
        "AWS_SECRET_ACCESS_KEY": canary,
        "NPM_TOKEN": f"npm_{canary}",
        "POLYMARKET_PRIVATE_KEY": f"0x{canary}",
    }
