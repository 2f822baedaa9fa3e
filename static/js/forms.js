// What was typed into a form is not lost on its way: before a form of a page that has stood open for a while is posted, the
// session is asked for, and where it has ended one signs in again in place and the form goes out afterwards. A changed form
// is not left without a question.
//
// The cells of a sheet save themselves (sheet.js), htmx's forms and the dialog of re-login go their own ways.

import { ask, look, renewTokens, signedInPerson } from "./relogin.js";

const OWN_WAY = "[data-relogin] form, [hx-post], [data-hx-post]";
const FRESH = 60_000; // a page made a moment ago has its session: a slow line need not be asked twice
const changed = new Set();
let waiting = null; // the form, and its button, that goes out when the person has signed in again
let leaving = false;
let seen = Date.now(); // when the session was last known to be there

const isPlain = (form) => form.getAttribute("method")?.toLowerCase() === "post" && !form.matches(OWN_WAY);

function say(form, words) {
  const notice = form.querySelector("[data-unsent]") ?? document.createElement("div");
  notice.className = "notice notice--bad";
  notice.setAttribute("role", "alert");
  notice.dataset.unsent = "";
  notice.textContent = `${words} Những gì bạn đã nhập vẫn còn trên trang.`;
  form.prepend(notice);
}

function send(form, submitter) {
  form.querySelector("[data-unsent]")?.remove();
  seen = Date.now();
  form.requestSubmit(submitter);
}

async function askThenSend(form, submitter) {
  const state = await look(AbortSignal.timeout(15_000)).catch(() => null);
  if (!state) {
    say(form, "Chưa gửi được: không có mạng. Có mạng thì bấm lại.");
  } else if (!state.signed_in) {
    waiting = { form, submitter };
    ask();
  } else if (state.user !== signedInPerson()) {
    say(form, "Chưa gửi: trên máy này người khác vừa đăng nhập.");
  } else {
    renewTokens(state.csrf);
    send(form, submitter);
  }
}

window.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!isPlain(form) || Date.now() - seen < FRESH) {
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation(); // nobody else counts this round: it comes again
  askThenSend(form, submitter);
}, true);

document.addEventListener("hocbaso:signed-in", () => {
  if (waiting) {
    send(waiting.form, waiting.submitter);
  }
  waiting = null;
});
document.addEventListener("hocbaso:not-signed-in", () => {
  if (waiting) {
    say(waiting.form, "Chưa gửi: phiên đã hết và bạn chưa đăng nhập lại.");
  }
  waiting = null;
});

// -- Leaving ---------------------------------------------------------------------------------------------------------
document.addEventListener("input", (event) => {
  const { form } = event.target;
  if (form && isPlain(form) && !event.target.closest("so-diem")) {
    changed.add(form);
    leaving = false;
  }
});
window.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) {
    changed.delete(event.target);
    leaving = changed.size === 0;
  }
});
document.addEventListener("hocbaso:other-person", () => changed.clear());
window.addEventListener("beforeunload", (event) => {
  if (!leaving && [...changed].some((form) => form.isConnected)) {
    event.preventDefault();
  }
});
