/* The settlement desk by keyboard. Nothing is computed here: amounts come from the server. */
(function () {
  "use strict";

  const one = (selector, root) => (root || document).querySelector(selector);
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));

  /* The frame hides the page until its own script has run; nothing hidden takes the focus. */
  function focusWhenShown(element, tries) {
    if (!element) return;
    element.focus({ preventScroll: true });
    if (document.activeElement !== element && tries > 0) {
      requestAnimationFrame(() => focusWhenShown(element, tries - 1));
    }
  }

  /* --- Keys: F2 search, F8 calculate, F9 print ------------------------------------------- */
  function calculate() {
    const button = one("[data-calculate]");
    if (button) button.form.requestSubmit(button);
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "F2") {
      const search = one("#ds-text");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "F8" && one("[data-calculate]")) {
      event.preventDefault();
      calculate();
    } else if (event.key === "F9" && one("#ds-print")) {
      event.preventDefault();
      one("#ds-print").click();
    }
  });

  /* --- People found: arrows move, Enter opens -------------------------------------------- */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = all("#ds-found a");
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    const inSearch = document.activeElement === one("#ds-text");
    if (at < 0 && !inSearch) return;
    event.preventDefault();
    const next = event.key === "ArrowDown" ? at + 1 : at - 1;
    if (next < 0) one("#ds-text").focus();
    else if (next < links.length) links[next].focus();
  });

  /* --- Facility: a list under the field --------------------------------------------------- */
  const options = () => all("#ds-facilities [data-code]");

  function showOptions(isOpen) {
    const list = one("#ds-facilities"), input = one("#id_facility_name");
    if (!list || !input) return;
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) input.removeAttribute("aria-activedescendant");
  }

  function mark(option) {
    options().forEach((each) => each.setAttribute("aria-selected", String(each === option)));
    if (option) {
      one("#id_facility_name").setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }
  }

  function choose(option) {
    one("#id_facility_name").value = option.dataset.name;
    one("#id_facility_code").value = option.dataset.code;
    showOptions(false);
    htmx.trigger("#ds-entry", "ds:load");
  }

  function facilityKeys(event) {
    if (event.isComposing) return;
    const found = options();
    const at = found.findIndex((each) => each.getAttribute("aria-selected") === "true");
    const isOpen = !one("#ds-facilities").hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!found.length) return;
      event.preventDefault();
      showOptions(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(found[(at + step + found.length) % found.length]);
    } else if (event.key === "Enter" && isOpen && at >= 0) {
      event.preventDefault();
      choose(found[at]);
    } else if (event.key === "Tab" && isOpen && at >= 0) {
      choose(found[at]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      showOptions(false);
    }
  }

  /* --- Fields that depend on others ------------------------------------------------------- */
  function offerDiseases() {
    const care = one("#ds-entry [name='care_type'], #ds-calculator [name='care_type']");
    const disease = one("[name='disease']");
    if (!care || !disease) return;
    for (const option of disease.options) {
      const types = option.dataset.careTypes;
      const fits = types === undefined || types.split(" ").includes(care.value);
      option.hidden = option.disabled = !fits;
    }
    if (disease.selectedOptions[0] && disease.selectedOptions[0].disabled) disease.value = "none";
  }

  function askReceived() {
    const kind = one("#ds-entry [name='kind']"), received = one("[data-field='received_on']");
    if (kind && received) received.style.visibility = kind.value === "manual" ? "visible" : "hidden";
  }

  /* --- Worksheet -------------------------------------------------------------------------- */
  function addLine() {
    const lines = one("#ds-lines");
    lines.append(one("#ds-line").content.cloneNode(true));
    one("input", lines.lastElementChild).focus();
  }

  /* --- Mistakes beside their fields ------------------------------------------------------- */
  function placeOf(name) {
    const line = name.match(/^items\.(\d+)(?:\.(\w+))?$/);
    if (!line) return { input: one(`#ds-entry [name='${name}']`), slot: one(`#error-${name}`) };
    const rows = all("#ds-lines .ds-line").filter((row) =>
      all("input", row).some((input) => input.value.trim()));
    const row = rows[Number(line[1]) - 1];
    const field = line[2] || "item_name";
    return { input: row && one(`[name='line_${field}']`, row), slot: one("#error-items") };
  }

  function showErrors(isAsked) {
    const source = one("#ds-errors");
    if (!source) return;
    const errors = JSON.parse(source.textContent);
    all(".ds-error").forEach((slot) => { slot.hidden = true; slot.textContent = ""; });
    all("#ds-entry [aria-invalid]").forEach((input) => {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    });
    let first = null;
    for (const [name, sentence] of Object.entries(errors)) {
      const { input, slot } = placeOf(name);
      const shown = slot || one("#error-items");
      if (shown) {
        shown.textContent = shown.textContent ? `${shown.textContent} ${sentence}` : sentence;
        shown.hidden = false;
      }
      if (input) {
        input.setAttribute("aria-invalid", "true");
        if (shown) input.setAttribute("aria-describedby", shown.id);
        first = first || input;
      }
    }
    if (first && isAsked) first.focus();
  }

  /* --- Wiring ----------------------------------------------------------------------------- */
  let isAsked = false;

  document.addEventListener("htmx:beforeRequest", (event) => {
    const from = event.detail.requestConfig && event.detail.requestConfig.triggeringEvent;
    if (event.detail.target && event.detail.target.id === "ds-result") {
      isAsked = Boolean(from) && (from.type === "submit" || from.type === "click");
    }
  });

  // A session that ended answers with the sign-in page: show it whole, not inside the desk.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.responseURL.includes("/login/")) {
      event.detail.shouldSwap = false;
      window.location.reload();
    }
  });

  // A failure is said aloud; the bill as typed stays where it is.
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, () => {
      const summary = one("#ds-summary"), message = one("#ds-failed");
      if (summary && message) summary.replaceChildren(message.content.cloneNode(true));
    });
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.target;
    if (!target) return;
    if (target.id === "ds-result") {
      showErrors(isAsked);
      const result = one("#ds-result .ds-panel, #ds-changed");
      if (isAsked && result && !one("#ds-entry [aria-invalid]")) {
        result.scrollIntoView({ block: "nearest" });
      }
    }
    if (target.id === "ds-facilities") {
      const input = one("#id_facility_name");
      const isWanted = document.activeElement === input && input.value.trim() !== "" && !one("#id_facility_code").value;
      showOptions(isWanted);
      if (isWanted) mark(options()[0]);
    }
    if (target.id === "ds-found" && one("#ds-found a")) one("#ds-found a").focus();
  });

  document.addEventListener("DOMContentLoaded", () => {
    const entry = one("#ds-entry"), name = one("#id_facility_name");
    const first = name || ["#id_reason", "#ds-calculator #id_total", "#ds-next", "#ds-text"].map((each) => one(each)).find(Boolean);
    focusWhenShown(one("#id_reason") || first, 120);
    offerDiseases();
    askReceived();
    document.addEventListener("change", (event) => {
      if (event.target.name === "care_type") offerDiseases();
      if (event.target.name === "kind") askReceived();
    });
    if (!entry) return;
    name.addEventListener("keydown", facilityKeys);
    name.addEventListener("input", () => { one("#id_facility_code").value = ""; });
    name.addEventListener("blur", () => setTimeout(() => showOptions(false), 150));
    one("#ds-facilities").addEventListener("mousedown", (event) => {
      const option = event.target.closest("[data-code]");
      if (option) { event.preventDefault(); choose(option); }
    });
    one("#ds-add-line").addEventListener("click", addLine);
    one("#ds-lines").addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove-line]");
      if (!button) return;
      button.closest("tr").remove();
      if (!one("#ds-lines tr")) addLine();
      htmx.trigger("#ds-entry", "ds:load");
    });
    // A restored draft is calculated at once.
    if (all("#ds-entry input[type='text']").some((input) => input.value)) {
      htmx.trigger("#ds-entry", "ds:load");
    }
  });
})();
