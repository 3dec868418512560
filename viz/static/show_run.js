(said) => {
  const run = document.getElementById("watch");
  if (run && STARTED.includes(said) && window.innerWidth < 768) run.scrollIntoView({behavior: "smooth"});
}
