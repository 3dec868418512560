"""What a task's tensors take at most: the same number on a CPU that a GPU counts by itself."""

import gc
from collections.abc import Callable

import torch
from torch import Tensor
from torch.profiler import ProfilerActivity, profile


def tensor_peak(task: Callable[[], object], device: torch.device) -> int:
    """Do the task once. Returns the most bytes that tensors held meanwhile, those from before included."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        task()
        return torch.cuda.max_memory_allocated(device)
    before = _resident()
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
        task()
    results = profiler.profiler.kineto_results if profiler.profiler else None
    events = [event for event in results.events() if event.name() == "[memory]"] if results else []
    held = peak = 0
    for event in sorted(events, key=lambda event: event.start_ns()):
        held += event.nbytes()
        peak = max(peak, held)
    return before + peak


def _resident() -> int:
    """The bytes of all tensors that Python holds, and of their gradients; each memory once."""
    gc.collect()
    storages: dict[int, int] = {}
    for found in gc.get_objects():
        if not issubclass(type(found), Tensor):
            continue
        for tensor in (found, found.grad if found.is_leaf else None):
            if tensor is not None and tensor.device.type == "cpu":
                storage = tensor.untyped_storage()
                storages[storage.data_ptr()] = storage.nbytes()
    return sum(storages.values())
