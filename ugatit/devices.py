"""Choice of the device and the numeric precision, made once by the outermost caller."""

import torch

from ugatit.errors import ConfigError

PRECISIONS = ("auto", "fp32", "bf16")


def available_devices() -> tuple[str, ...]:
    """Return the names of this machine's devices: `cpu`, then `cuda:0` and so on, then `mps`."""
    cards = torch.cuda.device_count() if torch.cuda.is_available() else 0
    apple = ("mps",) if torch.backends.mps.is_available() else ()
    return ("cpu", *(f"cuda:{card}" for card in range(cards)), *apple)


def resolve_device(name: str | torch.device = "auto") -> torch.device:
    """Return the named device; `auto` prefers CUDA, then MPS, then the CPU.

    Raises ConfigError for a device that this machine does not have.
    """
    available = available_devices()
    if name == "auto":
        return torch.device(next((kind for kind in ("cuda", "mps") if any(kind in d for d in available)), "cpu"))
    message = f"There is no device {str(name)!r} here; choose one of: auto, {', '.join(available)}."
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ConfigError(message) from error
    index = device.index or 0
    if f"{device.type}:{index}" not in available and (index or device.type not in available):
        raise ConfigError(message)
    return device


def resolve_precision(name: str, device: torch.device) -> str:
    """Return `fp32` or `bf16`; `auto` takes bf16 if the device has instructions for it, else fp32.

    Raises ConfigError for any other name.
    """
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
    """Disable TF32 in cuDNN, whose convolutions otherwise round float32 inputs to a 10-bit mantissa."""
    torch.backends.cudnn.allow_tf32 = False


def synchronize(device: torch.device) -> None:
    """Wait until the device has finished all submitted work; does nothing on the CPU."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def free_memory(device: torch.device) -> None:
    """Release torch's cached memory on the device; does nothing on the CPU."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()


def _cpu_has_bf16() -> bool:
    # These queries are private to torch. If a release lacks one, float32 is the safe answer.
    queries = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    supported = any(getattr(torch.cpu, query, bool)() for query in queries)
    return supported and torch.backends.mkldnn.is_available()
