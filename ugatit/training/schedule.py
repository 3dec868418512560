"""The published learning rate: constant for the first half of the steps, then linear to zero."""


def learning_rate(step: int, steps: int, initial: float) -> float:
    """The rate for the update after `step` updates of `steps` in all (Kim et al. 2020, appendix). Never negative."""
    constant = steps // 2
    if step < constant:
        return initial
    return initial * max(0.0, (steps - step) / (steps - constant))
