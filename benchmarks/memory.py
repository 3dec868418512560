"""Measure the peak memory of a task's tensors, on a CPU in the same way as a GPU reports it."""

import gc
from collections.abc import Callable

import torch
from torch import Tensor
from torch.profiler import ProfilerActivity, profile


def tensor_peak(task: Callable[[], object], device: torch.device) -> int:
    """Run the task once and return the peak memory of all tensors in bytes, including those from before."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
        task()
        return torch.cuda.max_memory_allocated(device)
    before = _resident_bytes()
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
        task()
    results = profiler.profiler.kineto_results if profiler.profiler else None
    events = [event for event in results.events() if event.name() == "[memory]"] if results else []
    held = peak = 0
    for event in sorted(events, key=lambda event: event.start_ns()):
        held += event.nbytes()
        peak = max(peak, held)
    return before + peak


def _resident_bytes() -> int:
    """Return the memory of all tensors referenced by Python and of their gradients; shared storage counts once."""
    gc.collect()
    storages: dict[int, int] = {}
    for item in gc.get_objects():
        if not issubclass(type(item), Tensor):
            continue
        for tensor in (item, item.grad if item.is_leaf else None):
            if tensor is not None and tensor.device.type == "cpu":
                storage = tensor.untyped_storage()
                storages[storage.data_ptr()] = storage.nbytes()
    return sum(storages.values())
