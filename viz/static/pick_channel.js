element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-channel]");
  if (button) trigger("select", {channel: Number(button.dataset.channel)});
});
