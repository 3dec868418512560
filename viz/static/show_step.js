() => {
  const asked = new URLSearchParams(location.search).get("step");
  const id = asked ? "step-" + asked : location.hash.startsWith("#step-") ? location.hash.slice(1) : "";
  const step = id && document.getElementById(id);
  if (!step || !step.offsetParent || window.stepIsShown) return;
  window.stepIsShown = true;
  step.scrollIntoView();
}
