"""The learning rate schedule of the paper: constant for the first half of the steps, then linear to zero."""


def learning_rate(step: int, steps: int, initial: float) -> float:
    """Return the learning rate after `step` of `steps` updates (Kim et al. 2020, appendix). Never negative."""
    constant = steps // 2
    if step < constant:
        return initial
    return initial * max(0.0, (steps - step) / (steps - constant))
