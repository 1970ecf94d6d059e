// Sphinx leaves the LaTeX of every formula as the text of an element with the class "math"; a notebook's cards have $$.
const show = (element, text, displayMode) => katex.render(text, element, { displayMode, throwOnError: false });

document.addEventListener("DOMContentLoaded", () => {
  for (const element of document.querySelectorAll(".math")) {
    show(element, element.textContent, element.tagName === "DIV");
  }
  for (const element of document.querySelectorAll(".cell_output p")) {
    const formula = element.textContent.match(/^\s*\$\$([^]*)\$\$\s*$/);
    if (formula) show(element, formula[1], true);
  }
});
