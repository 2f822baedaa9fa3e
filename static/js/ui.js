// Small comforts for every page. Whatever is here, the form beneath works without it.

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

// htmx sends the token that the page carries; re-login renews it in the same place.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token();
});

// A refused form comes back with 422 and is shown like any other answer.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    document.getElementById(opener.dataset.opens)?.showModal();
  }
  if (event.target.closest("[data-closes]")) {
    event.target.closest("dialog")?.close();
  }
  if (event.target.closest("[data-print]")) {
    window.print();
  }
  const copier = event.target.closest("[data-copy]");
  if (copier) {
    navigator.clipboard?.writeText(copier.dataset.copy).then(() => {
      copier.textContent = "Đã chép";
    });
  }
});

// A form marked data-once is sent once, however often a tired hand clicks; coming back to the page frees it again.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-once]");
  if (form) {
    for (const button of form.querySelectorAll("button:not([type=button])")) {
      queueMicrotask(() => { button.disabled = true; });
    }
  }
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form[data-once] button[disabled]")) {
    button.disabled = false;
  }
});
for (const element of document.querySelectorAll("[data-needs-script]")) {
  element.hidden = false;
}
