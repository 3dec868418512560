"""Which device computes, and in which precision: decided once, at the edge."""

import torch

from ugatit.errors import ConfigError

PRECISIONS = ("auto", "fp32", "bf16")


def available_devices() -> tuple[str, ...]:
    """The devices of this machine that can translate: `cpu` and its accelerators."""
    cards = torch.cuda.device_count() if torch.cuda.is_available() else 0
    apple = ("mps",) if torch.backends.mps.is_available() else ()
    return ("cpu", *(f"cuda:{card}" for card in range(cards)), *apple)


def resolve_device(name: str | torch.device = "auto") -> torch.device:
    """`auto` takes an accelerator where there is one. Raises ConfigError for a device that is not there."""
    there = available_devices()
    if name == "auto":
        return torch.device(next((kind for kind in ("cuda", "mps") if any(kind in d for d in there)), "cpu"))
    missing = f"There is no device {str(name)!r} here; choose one of: auto, {', '.join(there)}."
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ConfigError(missing) from error
    first = device.index or 0
    if f"{device.type}:{first}" not in there and (first or device.type not in there):
        raise ConfigError(missing)
    return device


def resolve_precision(name: str, device: torch.device) -> str:
    """`fp32` or `bf16`; `auto` takes bf16 where the device has instructions for it. Raises ConfigError."""
    if name not in PRECISIONS:
        raise ConfigError(f"precision must be one of {', '.join(PRECISIONS)}, got {name!r}.")
    if name != "auto":
        return name
    if device.type == "cuda":
        native = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        native = device.type == "cpu" and _cpu_has_bf16()
    return "bf16" if native else "fp32"


def keep_float32_exact() -> None:
    """Let float32 convolutions on CUDA be float32: by default cuDNN rounds their inputs to TF32's 10 bits."""
    torch.backends.cudnn.allow_tf32 = False


def synchronize(device: torch.device) -> None:
    """Wait until the device has done all it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def free_memory(device: torch.device) -> None:
    """Give cached memory back to the device."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()


def _cpu_has_bf16() -> bool:
    # Private queries: where a release of torch lacks one, float32 is the safe answer.
    queries = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    known = any(getattr(torch.cpu, query, bool)() for query in queries)
    return known and torch.backends.mkldnn.is_available()
