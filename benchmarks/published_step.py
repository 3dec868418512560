"""The training step of the published PyTorch code, with the same order of operations and its inefficiencies.

The translations of the critics' step keep their graph, so its backward pass runs through both generators; the
generators' step computes them again and leaves gradients in the critics. One picture per pass, contiguous float32,
torch's default number of threads and Adam with default implementation.
"""

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, l1_loss, mse_loss

from benchmarks.published_networks import published_networks
from ugatit.models.ugatit import UGATITConfig
from ugatit.networks.outputs import DiscriminatorOutput, GeneratorOutput

Terms = dict[str, Tensor]
WEIGHTS = {"adversarial": 1.0, "adversarial_cam": 1.0, "cycle": 10.0, "identity": 10.0, "cam": 1000.0}
CRITICS = {"global": "disG", "local": "disL"}


def total(terms: Mapping[str, Tensor]) -> Tensor:
    """Return the weighted sum of terms; a term's weight is found by its name before the first dot."""
    return torch.stack([WEIGHTS[name.partition(".")[0]] * term for name, term in terms.items()]).sum()


class PublishedOrder:
    """The six networks, two optimizers and the training step on {"A": (B, 3, S, S), "B": ...} in [-1, 1]."""

    def __init__(self, config: UGATITConfig, device: torch.device) -> None:
        self.networks = published_networks(config).to(device)
        generators = [p for name in ("genA2B", "genB2A") for p in self.networks[name].parameters()]
        critics = [p for kind in CRITICS.values() for d in "AB" for p in self.networks[kind + d].parameters()]
        self.generator_optimizer = torch.optim.Adam(generators, lr=1e-4, betas=(0.5, 0.999), weight_decay=1e-4)
        self.critic_optimizer = torch.optim.Adam(critics, lr=1e-4, betas=(0.5, 0.999), weight_decay=1e-4)

    def generate(self, name: str, picture: Tensor) -> GeneratorOutput:
        """Run a generator by its published name."""
        output: GeneratorOutput = self.networks[name](picture)
        return output

    def judge(self, name: str, picture: Tensor) -> DiscriminatorOutput:
        """Run a critic by its published name."""
        output: DiscriminatorOutput = self.networks[name](picture)
        return output

    def critic_terms(self, batch: Mapping[str, Tensor]) -> Terms:
        """Return the unweighted loss terms of the critics."""
        fakes = {
            "B": self.generate("genA2B", batch["A"]).image,
            "A": self.generate("genB2A", batch["B"]).image,
        }
        terms: Terms = {}
        for domain in "AB":
            for kind, name in CRITICS.items():
                on_real = self.judge(name + domain, batch[domain])
                on_fake = self.judge(name + domain, fakes[domain])
                terms[f"adversarial.{kind}.{domain}"] = loss_to_one(on_real.patch_logits) + loss_to_zero(
                    on_fake.patch_logits
                )
                terms[f"adversarial_cam.{kind}.{domain}"] = loss_to_one(logits(on_real)) + loss_to_zero(logits(on_fake))
        return terms

    def generator_terms(self, batch: Mapping[str, Tensor]) -> Terms:
        """Return the unweighted loss terms of the generators."""
        to = {"B": "genA2B", "A": "genB2A"}
        source = {"B": "A", "A": "B"}
        fakes = {domain: self.generate(to[domain], batch[source[domain]]) for domain in "BA"}
        back = {domain: self.generate(to[domain], fakes[source[domain]].image) for domain in "AB"}
        same = {domain: self.generate(to[domain], batch[domain]) for domain in "AB"}
        terms: Terms = {}
        for domain in "AB":
            for kind, name in CRITICS.items():
                on_fake = self.judge(name + domain, fakes[domain].image)
                terms[f"adversarial.{kind}.{domain}"] = loss_to_one(on_fake.patch_logits)
                terms[f"adversarial_cam.{kind}.{domain}"] = loss_to_one(logits(on_fake))
            terms[f"cycle.{domain}"] = l1_loss(back[domain].image, batch[domain])
            terms[f"identity.{domain}"] = l1_loss(same[domain].image, batch[domain])
            translated, untouched = logits(fakes[domain]), logits(same[domain])
            as_source = binary_cross_entropy_with_logits(translated, torch.ones_like(translated))
            as_target = binary_cross_entropy_with_logits(untouched, torch.zeros_like(untouched))
            terms[f"cam.{domain}"] = as_source + as_target
        return terms

    def update(self, batch: Mapping[str, Tensor]) -> None:
        """Run one training step: first the critics, then the generators."""
        self.critic_optimizer.zero_grad()
        total(self.critic_terms(batch)).backward()
        self.critic_optimizer.step()

        self.generator_optimizer.zero_grad()
        total(self.generator_terms(batch)).backward()
        self.generator_optimizer.step()
        with torch.no_grad():
            for name, parameter in self.networks.named_parameters():
                if name.endswith(".rho"):
                    parameter.clamp_(0, 1)


def loss_to_one(scores: Tensor) -> Tensor:
    """Return the mean squared distance of scores to 1."""
    return mse_loss(scores, torch.ones_like(scores))


def loss_to_zero(scores: Tensor) -> Tensor:
    """Return the mean squared distance of scores to 0."""
    return mse_loss(scores, torch.zeros_like(scores))


def logits(output: GeneratorOutput | DiscriminatorOutput) -> Tensor:
    """Return the CAM logits, which these networks always have."""
    assert output.cam_logits is not None
    return output.cam_logits
