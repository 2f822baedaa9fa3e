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
    copy(copier);
  }
});

// Only the words of the button change, its icon stays; a screen reader hears them.
async function copy(button) {
  let words = "Đã chép";
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    words = "Không chép được"; // no https, or the browser refuses
  }
  const text = [...button.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  (text ?? button).textContent = ` ${words}`;
  button.setAttribute("aria-live", "polite");
}

// A form marked data-once is sent once, however often a tired hand clicks; coming back to the page frees it again.
// The buttons are marked, not given the attribute "disabled": the browser leaves a disabled button's name and value out of
// what it sends ("Hủy" would then mean "Nhập"), and what the server disabled must stay disabled.
function markSent(form, sent) {
  form.toggleAttribute("data-sent", sent);
  for (const button of form.elements) {
    if (button.type === "submit" && sent) {
      button.setAttribute("aria-disabled", "true");
    } else if (button.type === "submit") {
      button.removeAttribute("aria-disabled");
    }
  }
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) {
    return; // a script that sends the form itself also guards it
  }
  if (form.matches("[data-sent]")) {
    event.preventDefault();
    return;
  }
  markSent(form, true);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    markSent(form, false);
  }
});
for (const element of document.querySelectorAll("[data-needs-script]")) {
  element.hidden = false;
}
