"""StarGAN: labels and targets, its terms and updates, and from the command line to a translated picture."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor

from tests.data.test_attribute_table import celeba
from tests.tiny import pictures
from tests.tiny_stargan import HAIR, attribute_model, tiny_model
from tests.toy_package import COLORS, colored_folders
from ugatit import load_model
from ugatit.cli.main import main
from ugatit.config import DataConfig, TrainingConfig
from ugatit.data import LabelledDataset, ingest_folders
from ugatit.data.sources import FileSource
from ugatit.errors import ConfigError, TranslationError
from ugatit.models.stargan import StarGAN
from ugatit.models.stargan_config import PRESETS, StarGANConfig
from ugatit.training.learner import Learner
from ugatit.training.parts import draw_parts
from ugatit.training.run_settings import settings_from_preset

TINY = ["--model", "stargan", "--image-size", "16", "--ngf", "2", "--ndf", "2", "--blocks", "1", "--layers", "2"]
JOINT = {"domains": ("glasses", *HAIR, "happy", "sad"), "sets": (3, 2), "binary": ("glasses", *HAIR)}


def learner(model: StarGAN, **changes: object) -> Learner:
    values = {"precision": "fp32", "weight_decay": 0.0, "ema": 0.0, "batch_size": 3, **changes}
    return Learner(model, TrainingConfig(**values), torch.device("cpu"))


def batch(model: StarGAN, updates: int = 2) -> dict[str, Tensor]:
    """Return a batch of three pictures an update and label set, whose labels differ."""
    values = {}
    for labels in model.label_sets:
        count = len(labels.domains)
        values[f"pictures.{labels.number}"] = pictures(3 * updates, 16, seed=labels.number)
        values[f"labels.{labels.number}"] = torch.eye(count)[torch.arange(3 * updates) % count]
    return values


def planes_seen(model: StarGAN, to: str | tuple[str, ...], source: tuple[str, ...] | None = None) -> list[float]:
    """Return the labels that the generator is told for a target."""
    seen: list[Tensor] = []
    handle = model.generator.register_forward_hook(lambda _, inputs, __: seen.append(inputs[1]))
    with torch.no_grad():
        model.translate(pictures(1, 16), to, source)
    handle.remove()
    return seen[0][0].tolist()


def test_paper_has_the_published_hyper_parameters() -> None:
    paper = settings_from_preset(StarGAN, PRESETS["paper"], {"sources": ("somewhere",)})
    network, training = paper.network, paper.training
    assert (network.image_size, network.ngf, network.ndf, network.blocks, network.layers) == (128, 64, 64, 6, 6)
    assert (network.n_critic, training.steps, training.batch_size) == (5, 40_000, 16)
    assert (training.learning_rate, training.beta1, training.beta2, training.weight_decay) == (1e-4, 0.5, 0.999, 0)
    assert (training.ema, paper.data.margin, paper.data.flip) == (0, 0, True)
    assert training.weights == {"adversarial": 1, "classification": 1, "reconstruction": 10, "penalty": 10}


def test_exclusive_targets_are_the_domains_one_at_a_time() -> None:
    model = tiny_model()
    assert model.targets == model.domains
    assert planes_seen(model, "dog") == [0, 1, 0]
    assert model.sample_targets == {"cat": "dog", "dog": "fox", "fox": "cat"}
    with pytest.raises(TranslationError, match="one domain, or to attributes of one set; got cat, dog"):
        model.translate(pictures(1, 16), ("cat", "dog"))
    with pytest.raises(TranslationError, match="exclude each other"):
        model.translate(pictures(1, 16), "cat", source=("dog",))
    with pytest.raises(TranslationError, match="cannot translate to 'cow'"):
        model.translate(pictures(1, 16), "cow")


def test_attributes_are_set_removed_and_cleared_by_their_choice() -> None:
    model = attribute_model()
    assert model.targets == ("glasses", *HAIR, "no glasses", "no black hair", "no red hair")
    assert planes_seen(model, "red hair", ("glasses", "black hair")) == [1, 0, 1]
    assert planes_seen(model, "no glasses", ("glasses", "black hair")) == [0, 1, 0]
    assert planes_seen(model, "no red hair", ("black hair",)) == [0, 1, 0]
    assert planes_seen(model, ("glasses", "red hair"), ()) == [1, 0, 1]
    assert model.sample_target("glasses") == "no glasses"
    with pytest.raises(TranslationError, match="There is no attribute 'beard'"):
        model.translate(pictures(1, 16), "glasses", source=("beard",))


def test_other_attributes_are_kept_as_the_class_head_reads_them() -> None:
    model, photo = attribute_model(), pictures(1, 16)
    with torch.no_grad():
        logits = model.critic(photo).class_logits
        model.critic.to_classes.weight[1:] *= -torch.sign(logits[0, 1:])[:, None, None, None]
        model.critic.to_classes.weight[2] *= -1
    # Now black hair is read as absent, red hair as there.
    assert planes_seen(model, "glasses") == [1, 0, 1]
    assert planes_seen(model, "black hair")[1:] == [1, 0]
    with pytest.raises(TranslationError, match="give them by source="):
        attribute_model(critics=False).translate(photo, "glasses")


def test_the_mask_says_which_set_the_labels_are_of() -> None:
    model = tiny_model(**JOINT)
    assert planes_seen(model, "sad") == [0, 0, 0, 0, 1, 0, 1]
    assert planes_seen(model, "glasses", ("black hair",)) == [1, 1, 0, 0, 0, 1, 0]
    with pytest.raises(TranslationError, match="attributes of one set; got glasses, sad"):
        model.translate(pictures(1, 16), ("glasses", "sad"))


def test_config_comes_back_from_json_and_refuses_what_does_not_fit() -> None:
    config = tiny_model(**JOINT, choice=(HAIR,)).config
    stored = config.to_dict() | {"choice": [list(HAIR)], "sets": [3, 2]}
    assert StarGANConfig.from_dict(stored) == config
    for changes, match in (
        ({"domains": ("a", "a")}, "different names"),
        ({"domains": ("a", "no a"), "binary": ("a", "no a")}, "different names"),
        ({"domains": ("a", " ")}, "domains must be names"),
        ({"binary": (["a"],)}, "binary must be names"),
        ({"sets": ("1", "2")}, "one or two numbers"),
        ({"domains": ("a", "b"), "binary": ("a",)}, "all domains of a set or none"),
        ({"domains": ("a", "b", "c"), "sets": (2, 2)}, "add up to the 3 domains"),
        ({"choice": ("a", "b")}, "groups of names"),
        ({"image_size": 100}, "multiple of 64"),
        ({"layers": 11}, "layers must lie between"),
    ):
        with pytest.raises(ConfigError, match=match):
            StarGANConfig(**changes)


def test_only_the_last_of_the_critics_updates_is_followed_by_one_of_the_generator() -> None:
    model = tiny_model(n_critic=3)
    training, order = learner(model), []
    for name, optimizer in (("critic", training.critic_optimizer), ("generator", training.generator_optimizer)):
        step = optimizer.step
        optimizer.step = lambda name=name, step=step: (order.append(name), step())  # type: ignore[method-assign]
    critics, generators = training.update(batch(model, 3), 0, 1e-3)
    assert order == ["critic"] * 3 + ["generator"]
    assert set(critics) == {"adversarial.real", "adversarial.fake", "classification.real", "penalty.gradient"}
    assert set(generators) == {"adversarial.fake", "classification.fake", "reconstruction.real"}


def test_two_sets_take_turns_and_each_has_its_own_generator_update() -> None:
    model = tiny_model(**JOINT)
    training, order = learner(model), []
    for side in ("discriminator_terms", "generator_terms"):
        compute = getattr(model, side)
        setattr(model, side, lambda s, f=compute, n=side: (order.append((n[0], s.labels.number)), f(s))[1])
    critics, generators = training.update(batch(model), 0, 1e-3)
    assert order == [("d", 0), ("d", 1), ("d", 0), ("g", 0), ("d", 1), ("g", 1)]
    assert {name.rpartition(".")[2] for name in {**critics, **generators}} == {"1", "2"}


@pytest.mark.parametrize("kind", ["exclusive", "attributes", "joint"])
def test_training_on_a_fixed_batch_lowers_its_losses(kind: str) -> None:
    model = {"exclusive": tiny_model, "attributes": attribute_model, "joint": lambda: tiny_model(**JOINT)}[kind]()
    training, totals = learner(model), []
    for step in range(12):
        critics, generators = training.update(batch(model), step, 3e-3)
        classes = sum(value for name, value in critics.items() if name.startswith("classification"))
        back = sum(value for name, value in generators.items() if name.startswith("reconstruction"))
        totals.append((float(classes), float(back)))
    assert totals[-1][0] < totals[0][0]
    assert totals[-1][1] < totals[0][1]


def test_what_chance_decides_follows_from_seed_and_step_and_is_an_order_of_the_labels() -> None:
    model = tiny_model()
    training, other = learner(model), learner(model, seed=1)
    pictures_and_labels = batch(model)
    first, again, next_step, other_seed = (
        draw_parts(each.model, pictures_and_labels, each.config, step, 0)[0][0][0]
        for each, step in ((training, 3), (training, 3), (training, 4), (other, 3))
    )
    assert torch.equal(first["alpha.0"], again["alpha.0"])
    assert torch.equal(first["targets.0"], again["targets.0"])
    for different in (next_step, other_seed):
        assert not torch.equal(first["alpha.0"], different["alpha.0"])
    assert sorted(first["targets.0"].tolist()) == sorted(first["labels.0"].tolist())
    given = {**pictures_and_labels, "targets.0": first["labels.0"], "alpha.0": torch.zeros(6, 1, 1, 1)}
    assert model.drawn(given, torch.Generator()) == given


def test_parts_are_averaged_like_one_batch() -> None:
    whole, parts = learner(tiny_model(), batch_size=6), learner(tiny_model(), accumulate=2)
    values = batch(whole.model, 4)
    values = whole.model.drawn(values, torch.Generator().manual_seed(0))
    for expected, actual in zip(whole.update(values, 0, 1e-3), parts.update(values, 0, 1e-3), strict=True):
        for name, term in expected.items():
            torch.testing.assert_close(actual[name], term, rtol=1e-3, atol=1e-5)


def test_training_in_bfloat16_keeps_the_penalty_in_float32() -> None:
    model = tiny_model()
    critics, generators = learner(model, precision="bf16").update(batch(model), 0, 1e-3)
    assert critics["penalty.gradient"].dtype == torch.float32
    assert all(bool(term.isfinite()) for term in {**critics, **generators}.values())


def test_labelled_pictures_come_from_all_domains_alike_in_an_order_of_the_seed(tmp_path: Path) -> None:
    domains = ingest_folders(colored_folders(tmp_path / "colors", 4), tmp_path / "into")
    sources = {domain.name: FileSource(domain, 0) for domain in domains}
    config = DataConfig(("colors",), margin=0.0)
    dataset = LabelledDataset([list(sources.values())], 16, config, seed=0, length=30)
    samples = [dataset[position] for position in range(30)]
    assert sum(sample["labels.0"] for sample in samples).tolist() == [10, 10, 10]
    for sample in samples:
        color = COLORS[list(sources)[int(sample["labels.0"].argmax())]]
        darkest = sample["pictures.0"][:, sample["pictures.0"].sum(0) < 1]
        assert int(darkest.mean(1).argmax()) == int(np.argmax(color))
    again = LabelledDataset([list(sources.values())], 16, config, seed=0, length=30)[17]
    assert all(torch.equal(again[name], value) for name, value in samples[17].items())


def run_command(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def test_folders_are_trained_on_and_translated(tmp_path: Path) -> None:
    run, steps, colors = tmp_path / "run", 2, colored_folders(tmp_path / "colors", 4)
    options = [*TINY, "--n-critic", 2, "--batch-size", 3, "--data", colors, "--sample-every", steps, "--device", "cpu"]
    assert run_command("train", *options, "--steps", steps, "--ema", "0.9", "--run", run) == 0
    # Each step takes as many batches as the critic has updates.
    state = torch.load(run / "checkpoints" / f"step_{steps:07d}" / "training.pt", weights_only=True)
    assert state["pictures"] == steps * 2 * 3

    out, picture = tmp_path / "out", colors / "red" / "0.png"
    arguments = ("--weights", run, "--to", "green", "--input", picture, "--output", out, "--maps")
    assert run_command("translate", *arguments) == 0
    with Image.open(out / "0.png") as translated:
        assert translated.size == (16, 16)
    with np.load(out / "0.npz") as maps:
        assert {name: maps[name].shape for name in maps} == {"patch": (4, 4)}


def test_two_data_sets_are_trained_at_once_from_the_command_line_and_translated(tmp_path: Path) -> None:
    sources = (celeba(tmp_path / "celeba"), colored_folders(tmp_path / "colors", 4))
    attributes = ("Eyeglasses", "Black_Hair")
    options = [*TINY, "--n-critic", 2, "--batch-size", 2, "--data", *sources, "--attributes", *attributes]
    options += ["--steps", 2, "--sample-every", 2, "--device", "cpu", "--choice", *attributes]
    run = tmp_path / "run"
    assert run_command("train", *options, "--run", run) == 0
    model = load_model(run, "cpu")
    assert isinstance(model, StarGAN)
    assert model.domains == ("Eyeglasses", "Black_Hair", "blue", "green", "red")
    assert (model.config.binary, model.config.sets) == (("Eyeglasses", "Black_Hair"), (2, 3))
    assert model.config.choices == (("Eyeglasses", "Black_Hair"),)
    for number, to in enumerate(("no Eyeglasses", "red")):
        picture = sources[0] / "img_align_celeba" / "000.png"
        arguments = ("--weights", run, "--to", to, "--input", picture, "--output", tmp_path / f"out{number}")
        assert run_command("translate", *arguments) == 0


def test_drawn_faces_of_both_kinds_are_trained_at_once_and_a_resumed_run_ends_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UGATIT_CACHE", str(tmp_path / "cache"))
    faces = ("faces:lorelei,beard=any,freckles=any,count=40", "faces:micah,count=40")
    options = [*TINY, "--n-critic", 2, "--batch-size", 2, "--data", *faces, "--steps", 2, "--checkpoint-every", 1]
    run = tmp_path / "run"
    assert run_command("train", *options, "--sample-every", 2, "--device", "cpu", "--run", run) == 0
    model = load_model(run, "cpu")
    assert isinstance(model, StarGAN)
    attributes, expressions = model.label_sets
    assert (attributes.attributes, expressions.attributes) == (True, False)
    assert {"hair red", "skin dark", "beard", "freckles", "smile A"} <= set(attributes.domains)
    assert {"sad", "surprised", "smile B"} <= set(expressions.domains)
    last = run / "checkpoints" / "step_0000002"
    expected = load_file(last / "model.safetensors")
    last.rename(tmp_path / "taken")
    assert run_command("train", "--resume", "--run", run, "--device", "cpu") == 0
    weights = load_file(last / "model.safetensors")
    assert all(torch.equal(weights[name], value) for name, value in expected.items())


def test_colours_of_hair_and_skin_clear_each_other_but_hair_accessories_stay() -> None:
    names = ("hair red", "hair black", "hair accessories", "skin tan", "skin dark", "Black_Hair A", "Blond_Hair A")
    config = StarGANConfig(domains=names, binary=names)
    assert config.choices == (names[5:], names[:2], names[3:5])
    (labels,) = config.label_sets
    start = labels.of_names(("hair black", "hair accessories", "skin dark"), torch.zeros(1, len(names)))
    changed = labels.changed(start, ("hair red", "skin tan"), config.choices)
    assert [name for name, there in zip(names, changed[0], strict=True) if there] == [
        "hair red", "hair accessories", "skin tan",
    ]  # fmt: skip


def test_weights_of_other_domains_are_started_from(tmp_path: Path) -> None:
    start, other = tiny_model(), tiny_model(domains=("a", "b"))
    other.init_weights()
    remarks = other.copy_weights(start)
    assert remarks == ["Of other shapes in these weights, so they start anew: generator.encoder.0, critic.to_classes."]
    assert torch.equal(other.critic.to_patches.weight, start.critic.to_patches.weight)
    assert tiny_model(domains=("a", "b", "c")).copy_weights(start) == [
        "Domains are matched by their order: cat is a, dog is b, fox is c."
    ]
