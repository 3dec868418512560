(language, ...others) => {
  try { return [localStorage.getItem("language") || "", ...others]; } catch (refused) { return ["", ...others]; }
}
