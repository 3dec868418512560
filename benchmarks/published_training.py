"""Compare training with recorded updates of the published code: every loss of every step, and the outputs afterwards.

    python -m benchmarks.published_training CHECKPOINT NPZ

CHECKPOINT: the published checkpoint that the updates start from, a file or a folder. NPZ: the recorded updates,
`KIND_..._training.npz`, of StarGAN `KIND_..._LABELS_training.npz` with attributes, exclusive or joint for the labels.
The `input` of the outputs is in it, else beside it in `KIND_....npz`, or in the checkpoint's name and `.npz`. Prints
the largest difference of each term, relative to its largest magnitude; exits with status 1 if one is beyond the bound.

The updates are repeated in float64, from which the published code's float32 differs by less than the bound. In float32,
`--float32`, Adam moves a weight whose gradient is smaller than its rounding error in either direction: by machine.
"""

import argparse
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchmarks.common import table
from ugatit.checkpoints.loading import load_model
from ugatit.config import TrainingConfig
from ugatit.models.base import Terms, TranslationModel
from ugatit.models.stargan import StarGAN
from ugatit.training.learner import Learner, weighted

BOUND = 1e-4
LOOSE_BOUND = 3e-3
"""For attributes of StarGAN after the first step: there the published float32 itself is that far from float64."""
FIRST_STEP = ", first step"
Recorded = Mapping[str, Tensor]
Results = dict[str, Tensor]
CPU = torch.device("cpu")


def cyclegan(checkpoint: Path, recorded: Recorded, picture: Tensor) -> Results:
    """Repeat the updates of CycleGAN: generators first, then critics; losses weighted as the published code prints."""
    model = load_model(checkpoint, "cpu", image_size=picture.shape[-1]).to(picture.dtype)
    rate = 2e-4
    learner = Learner(model, _training(rate), CPU)
    results: Results = {}
    for step in range(_count(recorded, "real_A")):
        batch = {domain: recorded[f"real_{domain}.{step}"] for domain in "AB"}
        critics, generators = (weighted(terms, learner.loss_weights) for terms in learner.update(batch, step, rate))
        # The published names go by the direction: A is A to B.
        for way, (source, target) in {"A": ("A", "B"), "B": ("B", "A")}.items():
            results[f"loss.G_{way}.{step}"] = generators[f"adversarial.patch.{target}"]
            results[f"loss.D_{way}.{step}"] = critics[f"adversarial.patch.{target}"]
            results[f"loss.cycle_{way}.{step}"] = generators[f"cycle_{way.lower()}.{source}"]
            results[f"loss.idt_{way}.{step}"] = generators[f"identity.{target}"]
    with torch.no_grad(), learner.averaged_generators():
        for way, target in {"A": "B", "B": "A"}.items():
            results[f"after.net_G_{way}(input)"] = model.translate(picture, target).image
            results[f"after.net_D_{way}(input)"] = _patches(model, picture, target)
    return results


def pix2pix(checkpoint: Path, recorded: Recorded, picture: Tensor) -> Results:
    """Repeat the updates of pix2pix without dropout: critic first, then generator; the critic's loss as printed."""
    model = load_model(checkpoint, "cpu", image_size=picture.shape[-1]).to(picture.dtype)
    # The recorded updates have no noise, which no two programs draw alike.
    model.config = replace(model.config, noise=False)
    source, target = model.domains
    rate = 2e-4
    learner = Learner(model, _training(rate), CPU)
    results: Results = {}
    for step in range(_count(recorded, "real_A")):
        batch = {source: recorded[f"real_A.{step}"], target: recorded[f"real_B.{step}"]}
        critics, generators = learner.update(batch, step, rate)
        results[f"loss.D_fake.{step}"], results[f"loss.D_real.{step}"] = critics["critic.fake"], critics["critic.real"]
        results[f"loss.G_GAN.{step}"] = generators["adversarial.patch"]
        results[f"loss.G_L1.{step}"] = weighted(generators, learner.loss_weights)["l1"]
    first, answer = recorded["real_A.0"], recorded["real_B.0"]
    with torch.no_grad(), learner.averaged_generators():
        image = model.translate(first, target).image[:, : answer.shape[1]]
        results["after.net_G(real_A.0)(own statistics, no dropout)"] = image
        scores = model.judge(first, answer, target)["patch"].patch_logits
        results["after.net_D(real_A.0,real_B.0)(own statistics)"] = scores
    return results


STARGAN_TERMS = {
    "D/loss_real": "adversarial.real",
    "D/loss_fake": "adversarial.fake",
    "D/loss_cls": "classification.real",
    "D/loss_gp": "penalty.gradient",
}
STARGAN_GENERATOR_TERMS = {
    "G/loss_fake": "adversarial.fake",
    "G/loss_cls": "classification.fake",
    "G/loss_rec": "reconstruction.real",
}


def stargan(checkpoint: Path, recorded: Recorded, labels: str) -> Results:
    """Repeat the updates of StarGAN: `n_critic` of the critic, then one of the generator, of two label sets by turns.

    labels: attributes, exclusive or joint. Losses are unweighted.
    """
    sets = ("first", "second") if labels == "joint" else ("",)
    stored = {n: {name: recorded[_joined(name, s)] for name in _of_set(recorded, s)} for n, s in enumerate(sets)}
    count = _count(stored[0], "x")
    n_critic = 1 + min(update for update in range(count) if f"loss.G/loss_fake.{update}" in stored[0])
    model = _stargan_model(checkpoint, stored, labels, n_critic)
    learner = Learner(model, replace(_training(1e-4), batch_size=len(stored[0]["x.0"])), CPU)
    seen = _record_terms(model)
    for step in range(count // n_critic):
        batch: Results = {}
        for number, arrays in stored.items():
            columns = model.label_sets[number].columns
            for ours, theirs in {"pictures": "x", "alpha": "alpha", "labels": "source", "targets": "target"}.items():
                updates = [arrays[f"{theirs}.{step * n_critic + update}"] for update in range(n_critic)]
                joined = torch.cat(updates)
                batch[f"{ours}.{number}"] = joined[:, columns] if joined.dim() == 2 else joined
        learner.update(batch, step, 1e-4)
    results: Results = {}
    for side, names in (("critic", STARGAN_TERMS), ("generator", STARGAN_GENERATOR_TERMS)):
        for number, name in enumerate(sets):
            for place, terms in enumerate(seen[side][number :: len(sets)]):
                update = place if side == "critic" else (place + 1) * n_critic - 1
                for theirs, ours in names.items():
                    ending = f".{number + 1}" if len(sets) > 1 else ""
                    results[_joined(f"loss.{theirs}.{update}", name)] = terms[ours + ending]
    with torch.no_grad(), learner.averaged_generators():
        picture = recorded["input"]
        judged = model.critic(picture)
        results["after.G(input,label)"] = model.generator(picture, recorded["label"]).image
        results["after.D.source"], results["after.D.class"] = judged.patch_logits, judged.class_logits
    return results


def _stargan_model(checkpoint: Path, stored: Mapping[int, Recorded], labels: str, n_critic: int) -> StarGAN:
    """Return the checkpoint's model with the label sets of the recorded updates."""
    published = load_model(checkpoint, "cpu").to(stored[0]["x.0"].dtype)
    assert isinstance(published, StarGAN)
    domains = published.domains
    config = replace(published.config, n_critic=n_critic, sets=(), binary=domains if labels == "attributes" else ())
    if labels == "joint":
        # The second set begins at the first column that any of its labels uses; the last two are the mask.
        used = [values for name, values in stored[1].items() if name.startswith(("source.", "target."))]
        start = int(torch.cat(used)[:, : len(domains)].sum(0).nonzero().min())
        config = replace(config, sets=(start, len(domains) - start), binary=domains[:start])
    model = StarGAN(config).to(stored[0]["x.0"].dtype)
    model.load_state_dict(published.state_dict())
    return model


def _record_terms(model: TranslationModel) -> dict[str, list[Results]]:
    """Record the terms of every update, of which a step returns the means."""
    seen: dict[str, list[Results]] = {"critic": [], "generator": []}

    def recording(compute: Callable[[Any], Terms], side: str) -> Callable[[Any], Terms]:
        def recorded(step: Any) -> Terms:
            terms = compute(step)
            seen[side].append({name: term.detach() for name, term in terms.items()})
            return terms

        return recorded

    for name, side in (("discriminator_terms", "critic"), ("generator_terms", "generator")):
        setattr(model, name, recording(getattr(model, name), side))
    return seen


def _joined(name: str, label_set: str) -> str:
    """Return the recorded name of a set's array: `x.0` of `first` is `x.first.0`."""
    stem, _, update = name.rpartition(".")
    return f"{stem}.{label_set}.{update}" if label_set else name


def _of_set(recorded: Recorded, label_set: str) -> list[str]:
    """Return the names of a set's arrays without the set."""
    return [name.replace(f".{label_set}.", ".") for name in recorded if not label_set or f".{label_set}." in name]


STARGAN_LABELS = ("attributes", "exclusive", "joint")
KINDS: dict[str, Callable[[Path, Recorded, Tensor], Results]] = {"cyclegan": cyclegan, "pix2pix": pix2pix}
"""How the updates of each kind of model are repeated; the results have the recorded names."""


def differences(checkpoint: Path, npz: Path, dtype: torch.dtype = torch.float64) -> dict[str, float]:
    """Return the largest difference of each term over the steps, relative to its largest recorded magnitude.

    Raises ValueError for a file of an unknown kind, and if a recorded term was not computed.
    """
    kind = re.split(r"[_\W]", npz.name)[0]
    labels = labels_of(npz)
    recorded = {**_outputs(checkpoint, npz, dtype), **_read(npz, dtype)}
    if kind in KINDS:
        results = KINDS[kind](checkpoint, recorded, recorded["input"])
    elif kind == "stargan" and labels:
        results = stargan(checkpoint, recorded, labels)
    else:
        known = ", ".join([*KINDS, "stargan with one of " + " ".join(STARGAN_LABELS)])
        raise ValueError(f"{npz.name} begins with none of: {known}.")
    names = {name for name in recorded if name.startswith(("loss.", "after."))}
    if missing := sorted(names - set(results)):
        raise ValueError(f"{missing[0]} was recorded but not computed.")
    terms: dict[str, list[str]] = {}
    for name in sorted(names):
        term, _, step = name.rpartition(".") if name.startswith("loss.") else (name, "", "")
        first = FIRST_STEP if labels == "attributes" and step == "0" else ""
        terms.setdefault(term + first, []).append(name)
    return {term: _distance(results, recorded, of_term) for term, of_term in terms.items()}


def labels_of(npz: Path) -> str:
    """Return the kind of labels that the name of recorded updates says; empty if none."""
    return next((labels for labels in STARGAN_LABELS if labels in npz.name), "")


def bound_of(term: str, npz: Path) -> float:
    """Return the largest difference allowed for a term of `differences`."""
    return LOOSE_BOUND if labels_of(npz) == "attributes" and not term.endswith(FIRST_STEP) else BOUND


def _outputs(checkpoint: Path, npz: Path, dtype: torch.dtype) -> Results:
    """Return the arrays of the outputs' file, where there is one; losses and outputs after training are not in it."""
    name = npz.name.replace("_training", "")
    plain = name.replace(f"_{labels_of(npz)}", "")
    folder = checkpoint if checkpoint.is_dir() else checkpoint.parent
    places = [npz.with_name(name), npz.with_name(plain), npz.with_name(f"{folder.name}.npz"), Path(f"{folder}.npz")]
    found = next((place for place in places if place != npz and place.is_file()), None)
    return _read(found, dtype) if found else {}


def _distance(results: Recorded, recorded: Recorded, names: list[str]) -> float:
    largest = max(float(recorded[name].abs().max()) for name in names)
    return max(float((results[name] - recorded[name]).abs().max()) for name in names) / largest


def _training(rate: float) -> TrainingConfig:
    return TrainingConfig(learning_rate=rate, weight_decay=0, ema=0, batch_size=1, precision="fp32")


def _patches(model: TranslationModel, picture: Tensor, target: str) -> Tensor:
    patches: Tensor = model.critics(target)["patch"](picture).patch_logits
    return patches


def _count(recorded: Recorded, name: str) -> int:
    return sum(key.startswith(f"{name}.") for key in recorded)


def _read(path: Path, dtype: torch.dtype) -> dict[str, Tensor]:
    with np.load(path) as stored:
        return {name: torch.from_numpy(stored[name]).to(dtype) for name in stored.files}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("npz", type=Path)
    parser.add_argument("--float32", action="store_true", help="repeat the updates in float32")
    options = parser.parse_args(arguments)
    found = differences(options.checkpoint, options.npz, torch.float32 if options.float32 else torch.float64)
    print(table([["term", "largest difference"], *([name, f"{value:.1e}"] for name, value in found.items())]))
    # `not` around the comparison also counts NaN.
    beyond = [name for name, value in found.items() if not value <= bound_of(name, options.npz)]
    limit = max(bound_of(name, options.npz) for name in found)
    print(f"beyond the bound: {', '.join(beyond)}" if beyond else f"all within {limit:g}")
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main())
