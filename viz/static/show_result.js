() => {
  const result = document.getElementById("result");
  if (result && window.innerWidth < 768) result.scrollIntoView({behavior: "smooth", block: "start"});
}
