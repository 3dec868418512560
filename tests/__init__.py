"""The tests. A package, since torch-fidelity installs another one of this name, which would else be found first."""
