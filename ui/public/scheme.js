// Runs before the first paint so that a dark screen never flashes white. The same key as app/theme.ts.
(function () {
  var stored = null;
  try {
    stored = localStorage.getItem("comanda.scheme");
  } catch (e) {
    stored = null;
  }
  var dark = stored === "dark" || (stored !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
