"""Show the results of `ugatit`: heatmaps, overlays, panels, figures and the web page."""
