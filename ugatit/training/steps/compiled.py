"""Networks compiled by inductor for the training step alone: samples and checkpoints run uncompiled."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from ugatit.data.face_cache import cache_folder
from ugatit.models.base import TranslationModel
from ugatit.networks.factored import FactoredLinear
from ugatit.networks.spectral import SpectralNorm

CACHE = "TORCHINDUCTOR_CACHE_DIR"
VARIANTS = 64
"""How many compiled variants all networks may have together: by shape, and by which gradients they compute."""

Backend = Callable[[torch.fx.GraphModule, Sequence[Tensor]], Callable[..., Any]]


class CompiledNetworks:
    """The generators and critics of a model, each compiled whole when it is first used inside `used`.

    Networks of one class and shape share their code. tell: told how many passes are compiled, while it goes on.
    whole: whether a network that cannot be compiled in one piece is an error. backend: makes code; inductor's by
    default, which keeps it in the user's cache.
    """

    def __init__(
        self, model: TranslationModel, tell: Callable[[str], None], whole: bool = False, backend: Backend | None = None
    ) -> None:
        self.networks = [*model.generator_modules().values(), *model.critic_modules().values()]
        self.tell, self.whole, self.passes = tell, whole, 0
        if backend is None:
            # Before anything of the compiler asks for its cache, which would be a folder of temporary files.
            os.environ.setdefault(CACHE, str(cache_folder("compiled")))
        self.backend = backend or _inductor
        # One object for all networks, or they would not share their code.
        self.compile_pass = self._compile_pass
        self.calls: list[Callable[..., Any]] = []

    @contextmanager
    def used(self) -> Iterator[None]:
        """Inside the context the networks run compiled."""
        if not self.calls:
            self.calls = [self._compile(network) for network in self.networks]
        try:
            for network, call in zip(self.networks, self.calls, strict=True):
                network._compiled_call_impl = call
            yield
        finally:
            for network in self.networks:
                network._compiled_call_impl = None

    def _compile(self, network: nn.Module) -> Callable[..., Any]:
        import torch._dynamo  # takes seconds, and only some runs compile

        torch._dynamo.config.recompile_limit = VARIANTS
        for module in network.modules():
            if isinstance(module, FactoredLinear):
                # Its backward pass stores factors beside the weight, which compiled code cannot.
                module.forward = torch.compiler.disable(module.forward)  # type: ignore[method-assign]
        network.compile(dynamic=False, fullgraph=self.whole, backend=self.compile_pass)
        compiled: Callable[..., Any] = network._compiled_call_impl  # type: ignore[assignment]
        spectral = [module for module in network.modules() if isinstance(module, SpectralNorm)]

        def call(*inputs: Any, **options: Any) -> Any:
            for module in spectral:
                if module.training:
                    module.update_vectors()
            return compiled(*inputs, **options)

        return call

    def _compile_pass(self, graph: torch.fx.GraphModule, inputs: Sequence[Tensor]) -> Callable[..., Any]:
        self.passes += 1
        if self.passes > 1:
            self.tell(f"compiling: {self.passes - 1} passes of networks done")
        return self.backend(graph, inputs)


def _inductor(graph: torch.fx.GraphModule, inputs: Sequence[Tensor]) -> Callable[..., Any]:
    from torch._inductor.compile_fx import compile_fx  # takes seconds, and only some runs compile

    compiled: Any = compile_fx(graph, list(inputs))
    result: Callable[..., Any] = compiled
    return result
