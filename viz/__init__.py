"""Shows what `ugatit` computes: heatmaps, overlays, panels and figures."""
