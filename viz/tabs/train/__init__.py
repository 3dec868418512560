"""The Train tab: two domains in, a run with its curves, samples and weights out."""
