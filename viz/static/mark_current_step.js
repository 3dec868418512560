const links = () => [...element.querySelectorAll("a[href^='#']")];
const mark = () => {
  let current = links()[0];
  for (const link of links()) {
    const step = document.querySelector(link.getAttribute("href"));
    if (step && step.getBoundingClientRect().top < innerHeight * 0.4) current = link;
  }
  for (const link of links()) {
    if (link === current) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  const list = element.querySelector("ol");
  if (current && list) list.scrollTo({left: current.offsetLeft - list.clientWidth / 2 + current.clientWidth / 2});
};
let asked = false;
const ask = () => {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => { asked = false; mark(); });
};
addEventListener("scroll", ask, {passive: true});
// Steps that fill push the others down, which nobody scrolls for.
new ResizeObserver(ask).observe(element.closest("#lesson") || element);
watch("value", mark);
mark();
