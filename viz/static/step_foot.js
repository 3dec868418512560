element.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.figure) trigger("select", {kind: button.dataset.figure});
  if (button.dataset.copied) {
    const address = element.querySelector("a").href;
    try {
      await navigator.clipboard.writeText(address);
    } catch (refused) {
      // Without a secure address there is no clipboard: the link is shown, ready to be copied by hand.
      prompt("", address);
      return;
    }
    const said = button.textContent;
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = said; }, 1500);
  }
});
