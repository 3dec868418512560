(code) => { document.documentElement.lang = code; }
