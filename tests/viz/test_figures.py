from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from viz.figures import CARD, PHONE, Event, Layout, loss_figure, rho_figure


def losses(steps: int, cycle: float = 1.0) -> list[dict[str, object]]:
    return [
        {
            "step": step,
            "time": 0.0,
            "kind": "loss",
            "generator": {"cycle.flat": cycle / (step + 1), "cycle.clay": cycle / (step + 2)},
            "discriminator": {"adversarial.local.flat": 0.5},
            "rho": {"generator_ab.decoder.0.norm1": 0.9, "generator_ba.decoder.0.norm1": 0.8},
        }
        for step in range(steps)
    ]


def drawn(figure: Figure) -> np.ndarray:
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


def labels(figure: Figure) -> list[list[str]]:
    legends = [axis.get_legend() for axis in figure.axes]
    return [[text.get_text() for text in legend.get_texts()] for legend in legends if legend]


def test_losses_stand_apart_for_critics_and_generators() -> None:
    figure = loss_figure(losses(5))
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["Critics", "Generators"]
    assert labels(figure) == [["adversarial.local.flat"], ["cycle", "flat", "clay"]]


def test_a_curve_goes_through_its_values() -> None:
    original = loss_figure(losses(20)).axes[1].lines[0]
    np.testing.assert_array_equal(original.get_xdata(), np.arange(20))
    np.testing.assert_allclose(original.get_ydata(), 1 / (np.arange(20) + 1))


def test_the_smoothed_curve_keeps_the_level_of_a_constant() -> None:
    smooth = loss_figure(losses(300)).axes[0].lines[1]
    np.testing.assert_allclose(smooth.get_ydata(), 0.5)


def test_smoothing_takes_noise_out_of_a_curve() -> None:
    noise = np.random.default_rng(0).random(300)
    events = [{"step": i, "kind": "loss", "generator": {"cycle": float(v)}} for i, v in enumerate(noise)]
    original, smooth = loss_figure(events).axes[1].lines
    assert np.std(smooth.get_ydata()) < np.std(original.get_ydata()) / 2


def test_terms_of_one_kind_share_a_color_and_differ_by_their_line() -> None:
    _, flat, _, clay = loss_figure(losses(5)).axes[1].lines
    assert flat.get_color() == clay.get_color()
    assert flat.get_linestyle() != clay.get_linestyle()


@pytest.mark.parametrize(("cycle", "scale"), [(1.0, "log"), (-1.0, "linear"), (0.0, "linear")])
def test_the_axis_is_logarithmic_where_all_values_are_positive(cycle: float, scale: str) -> None:
    assert loss_figure(losses(5, cycle)).axes[1].get_yscale() == scale


@pytest.mark.parametrize("layout", [CARD, PHONE])
def test_a_long_run_is_drawn_with_few_points(layout: Layout) -> None:
    line = loss_figure(losses(5 * layout.max_points + 3), layout).axes[0].lines[0]
    assert len(line.get_xdata()) <= layout.max_points
    np.testing.assert_allclose(line.get_ydata(), 0.5)


def test_a_runs_rows_are_drawn_like_its_events() -> None:
    rows = [{name: value for name, value in event.items() if name != "kind"} for event in losses(5)]
    assert (drawn(loss_figure(rows)) == drawn(loss_figure(losses(5)))).all()


@pytest.mark.parametrize("draw", [loss_figure, rho_figure])
def test_on_a_phone_nothing_sticks_out_and_legends_stand_below(draw: Callable[..., Figure]) -> None:
    figure = draw(losses(50), PHONE)
    drawn(figure)
    whole = figure.bbox
    for axis in figure.axes:
        legend = axis.get_legend().get_window_extent()
        assert legend.y1 <= axis.get_window_extent().y0
        assert legend.x0 >= whole.x0
        assert legend.x1 <= whole.x1


def test_logarithmic_ticks_are_plain_numbers() -> None:
    figure = loss_figure(losses(50))
    drawn(figure)
    ticks = [tick.get_text() for tick in figure.axes[1].get_yticklabels()]
    assert "0.1" in ticks
    assert not any("$" in tick for tick in ticks)


@pytest.mark.parametrize("last", [1.05, 4e4, 1e-10])
def test_an_axis_has_numbers_whatever_its_range(last: float) -> None:
    rows = [{"step": step, "generator": {"cycle": value}, "discriminator": {}} for step, value in ((0, 1.0), (9, last))]
    axis = loss_figure(rows, PHONE).axes[1]
    low, high = axis.get_ylim()
    assert sum(low <= place <= high for place in axis.get_yticks()) >= 2


def test_one_row_is_seen_as_points() -> None:
    line = loss_figure(losses(1), PHONE).axes[1].lines[-1]
    assert line.get_marker() == "o"


@pytest.mark.parametrize("name", ["$x_$y$", "_hidden", "a very long name of a domain that nobody could read"])
def test_strange_names_of_domains_leave_the_figure_whole(name: str) -> None:
    rows = [
        {"step": step, "generator": {f"cycle.{name}": 1.0, "cycle.b": 2.0}, "rho": {"generator_ab.x": 0.5}}
        for step in range(3)
    ]
    figure = loss_figure(rows, PHONE)
    drawn(figure)
    legend = figure.axes[1].get_legend()
    assert legend is not None
    assert len(legend.get_texts()) == 3
    assert legend.get_window_extent().x0 >= 0
    drawn(rho_figure(rows, PHONE, [name]))


def test_the_networks_of_rho_are_called_as_asked() -> None:
    figure = rho_figure(losses(3), PHONE, ["flat → clay", "clay → flat"])
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["flat → clay", "clay → flat"]


def test_values_that_are_not_finite_leave_a_gap() -> None:
    events = losses(40)
    events[7]["generator"] = {"cycle.flat": float("nan"), "cycle.clay": None}
    smooth = loss_figure(events).axes[1].lines[1]
    assert np.isfinite(np.delete(smooth.get_ydata(), 7)).all()
    drawn(loss_figure(events))


def test_events_of_other_kinds_are_passed_over() -> None:
    mixed = [{"step": 0, "kind": "status", "status": "started"}, *losses(3), {"step": 2, "kind": "sample"}]
    assert (drawn(loss_figure(mixed)) == drawn(loss_figure(losses(3)))).all()


@pytest.mark.parametrize("draw", [loss_figure, rho_figure])
def test_a_run_without_losses_says_so(draw: Callable[[list[Event]], Figure]) -> None:
    figure = draw([])
    assert {text.get_text() for axis in figure.axes for text in axis.texts} == {"nothing logged yet"}
    drawn(figure)


def test_rho_has_one_axis_a_network_from_layer_to_instance() -> None:
    figure = rho_figure(losses(4))
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["generator_ab", "generator_ba"]
    assert labels(figure) == [["decoder.0.norm1"], ["decoder.0.norm1"]]
    assert all(axis.get_ylim()[0] <= 0 < 1 <= axis.get_ylim()[1] for axis in figure.axes)


@pytest.mark.parametrize("layer", ["a", "a.b"])
def test_rho_takes_layers_of_any_name(layer: str) -> None:
    drawn(rho_figure([{"step": 1, "kind": "loss", "rho": {layer: 0.5, "other": 1.0}}]))
