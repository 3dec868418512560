() => {
  const tab = document.querySelector("#tabs > .tab-wrapper [role=tab][aria-selected=true]");
  const name = tab && tab.getAttribute("aria-controls");
  if (!window.tabsAreOpen || !name) return;
  // A step of the lesson is a place within its tab.
  if (name === "tab-learn" && location.hash.startsWith("#step-")) return;
  // Spelt out, since the page has a base address that "#…" alone would lead to.
  history.replaceState(null, "", location.pathname + location.search + "#" + name.replace("tab-", ""));
}
