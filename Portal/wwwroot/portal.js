// What must work without asking the server: theme, drawer, copying, downloads, the "/" key.
(() => {
  "use strict";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  function toggleTheme() {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    const next = now === "dark" ? "light" : "dark";
    for (const sheet of document.querySelectorAll("link[data-for]")) sheet.media = sheet.dataset.for === next ? "all" : "not all";
    root.dataset.theme = next;
    document.querySelector("meta[name=color-scheme]").content = next;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `agw-theme=${next}; path=/; max-age=31536000; samesite=lax${secure}`;
  }

  function drawer(open) {
    root.dataset.drawer = open ? "open" : "";
    const button = document.querySelector("[data-drawer=toggle]");
    if (button) button.setAttribute("aria-expanded", String(open));
    if (open) document.querySelector("#navigation a")?.focus();
  }

  async function copy(button) {
    const done = button.querySelector(".copy-done");
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      done.textContent = "Copied";
    } catch {
      done.textContent = "Press Ctrl+C";
      const text = button.parentElement.querySelector("code, .secret");
      if (text) getSelection().selectAllChildren(text);
    }
    button.classList.add("copied");
    setTimeout(() => { done.textContent = ""; button.classList.remove("copied"); }, 2000);
  }

  document.addEventListener("click", event => {
    const at = selector => event.target.closest(selector);
    if (at("[data-theme-toggle]")) return toggleTheme();
    const switcher = at("[data-drawer]");
    if (switcher && switcher !== root) return drawer(switcher.dataset.drawer === "toggle" && root.dataset.drawer !== "open");
    if (at("[data-close-drawer]")) return drawer(false);
    const button = at("[data-copy]");
    if (button) return void copy(button);
    if (at("[data-skip]")) {
      event.preventDefault();
      document.getElementById("content")?.focus();
    } else if (at("a.reload") || at(".reconnect a")) {
      event.preventDefault();
      location.reload();
    }
  });

  document.addEventListener("change", event => event.target.closest("[data-submit-on-change]")?.form.requestSubmit());

  document.addEventListener("keydown", event => {
    if (event.key === "Escape" && root.dataset.drawer === "open") {
      drawer(false);
      document.querySelector("[data-drawer=toggle]")?.focus();
    }
    // What was typed is handed over before it is sent: a field tells its value when it is left, which Ctrl+Enter does not do.
    const form = event.key === "Enter" && (event.ctrlKey || event.metaKey) ? event.target.closest("form[data-send]") : null;
    if (form) {
      event.preventDefault();
      if (event.target.matches("input, textarea")) event.target.dispatchEvent(new Event("change", { bubbles: true }));
      form.requestSubmit();
    }
    const typing = event.target.closest("input, textarea, select, [contenteditable], [role=combobox]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const filter = document.querySelector(".filters input");
      if (filter) {
        event.preventDefault();
        filter.focus();
      }
    }
  });

  // Called by the portal: hands a text to the browser as a file.
  const save = (name, parts, type) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(parts, { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  window.portalDownload = (name, text) => save(name, ["\ufeff", text], "text/csv;charset=utf-8");
  window.portalSave = (name, text, type) => save(name, [text], type);

  // Radzen moves the focus into a dialog half a second after it opened. Who already types there keeps the field.
  const focusFirst = Radzen.focusFirstFocusableElement;
  Radzen.focusFirstFocusableElement = dialog => {
    if (!dialog.contains(document.activeElement)) focusFirst(dialog);
  };
})();
