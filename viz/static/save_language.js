(code) => {
  document.documentElement.lang = code;
  try { localStorage.setItem("language", code); } catch (refused) { /* a browser that keeps nothing */ }
}
