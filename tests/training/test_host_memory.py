"""Freed memory stays with the process that asked for that."""

import platform
import subprocess
import sys

import pytest

from tests.tiny import ROOT

SCRIPT = """
import resource
import torch
from ugatit.training.host_memory import keep_freed_memory
def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(4):
        torch.zeros(64 * 2**18).add_(1)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
# Where the heap has grown to is settled after some rounds.
left = min(faults() for _ in range(3))
keep_freed_memory()
print(left, min(faults() for _ in range(3)))
"""
"""Prints how many pages of memory are fetched for four times 64 MB, before and after the choice."""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="there is no such choice in other C libraries")
def test_freed_memory_is_not_fetched_again() -> None:
    run = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    left, kept = map(int, run.stdout.split())
    assert kept < left / 4
