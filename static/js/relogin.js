// The session ended while a page was open: sign in again in place, lose nothing that was typed.
//
// A script that gets 401 dispatches "hocbaso:signed-out"; htmx's answers are watched here. The login page (and the page of
// the second factor after it) is shown inside a dialog, piece by piece, posted as it is. Afterwards the page's CSRF token
// is renewed and "hocbaso:signed-in" dispatched, so that whoever waits can send again ("hocbaso:not-signed-in" where the
// dialog is put away). If another person signed in, the page is loaded anew: it was made for somebody else.

const SESSION = "/phien/";
const meta = (name) => document.querySelector(`meta[name="${name}"]`);
let asking = false;
let lastLook = Date.now();

export const signedInPerson = () => meta("signed-in").content;

// Whether somebody is signed in, who, and the CSRF token of now.
export async function look(signal) {
  const answer = await fetch(SESSION, { headers: { Accept: "application/json" }, cache: "no-store", signal });
  return answer.json();
}

export function renewTokens(token) {
  meta("csrf-token").content = token;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
    field.value = token;
  }
}

async function settle(dialog) {
  const state = await look();
  if (!state.signed_in) {
    return false;
  }
  dialog.close();
  dialog.remove();
  asking = false;
  if (state.user !== signedInPerson()) {
    document.dispatchEvent(new CustomEvent("hocbaso:other-person"));
    location.reload(); // asks first where something typed would be lost; who stays can have the owner sign in elsewhere
    return true;
  }
  renewTokens(state.csrf);
  document.dispatchEvent(new CustomEvent("hocbaso:signed-in"));
  return true;
}

function show(dialog, html, address) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const form = page.querySelector("main form[method=post]:not([data-passkey])");
  if (!form) {
    location.assign(address);
    return;
  }
  form.setAttribute("action", address);
  form.querySelector("input[name=next]")?.remove();
  const place = dialog.querySelector("[data-place]");
  place.replaceChildren(document.adoptNode(form));
  place.querySelector("input:not([type=hidden])")?.focus();
}

async function step(dialog, request) {
  const answer = await request;
  if (answer.redirected || answer.ok) {
    if (await settle(dialog)) {
      return;
    }
  }
  show(dialog, await answer.text(), answer.url);
}

function newDialog() {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "relogin-title");
  dialog.dataset.relogin = "";
  dialog.innerHTML = '<h2 id="relogin-title"></h2><p></p><div data-place></div>';
  dialog.querySelector("h2").textContent = "Phiên đã hết";
  dialog.querySelector("p").textContent = "Đăng nhập lại tại đây. Những gì bạn đã nhập trên trang vẫn còn nguyên.";
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    step(dialog, fetch(form.action, { method: "POST", body: new FormData(form) }));
  });
  dialog.addEventListener("cancel", () => {
    asking = false;
    dialog.remove();
    document.dispatchEvent(new CustomEvent("hocbaso:not-signed-in"));
  });
  document.body.append(dialog);
  return dialog;
}

export function ask() {
  if (asking) {
    return;
  }
  asking = true;
  const dialog = newDialog();
  dialog.showModal();
  step(dialog, fetch("/dang-nhap/"));
}

document.addEventListener("hocbaso:signed-out", ask);
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) {
    ask();
  }
});
document.addEventListener("visibilitychange", async () => {
  if (document.visibilityState === "visible" && Date.now() - lastLook > 60_000) {
    lastLook = Date.now();
    const state = await look().catch(() => null);
    if (state && !state.signed_in) {
      ask();
    }
  }
});
