// Opens the browser's print dialog when asked; the page came with its copy number already.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.addEventListener("click", () => window.print());
});
