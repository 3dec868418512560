() => {
  window.tabsAreOpen = true;
  // A link into the lesson has opened its tab already.
  if (new URLSearchParams(location.search).has("step")) return;
  const name = location.hash.startsWith("#step-") ? "learn" : location.hash.slice(1);
  const tab = name && document.querySelector(`[role=tab][aria-controls="tab-${CSS.escape(name)}"]`);
  if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
}
