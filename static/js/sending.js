// Sends what waits, keeps what could not be sent, and never takes a fault of ours for a lost network.
//
// For an element with ``address``, ``waiting`` and ``sent`` (cell → operation), ``tell()`` and ``taken(answer)``. Nothing is
// sent while somebody else is signed in (``stranger``); once its owner is back, everything is.

import { look, renewTokens, signedInPerson } from "./relogin.js";

const MOST = 500;
const LONGEST_WAIT = 30_000;
const token = () => document.querySelector('meta[name="csrf-token"]').content;
const noNetwork = () => {
  throw Object.assign(new Error("network"), { passing: true });
};

export const sending = (Base) => class extends Base {
  unsaved() {
    return this.waiting.size + this.sent.size > 0;
  }

  async send() {
    if (this.sending || this.stopped || this.waiting.size === 0) {
      return;
    }
    if (this.stranger) {
      this.isOwner(); // sends, if so
      return;
    }
    this.sending = true;
    this.sent = new Map([...this.sent, ...this.waiting]);
    this.waiting = new Map();
    this.tell();
    try {
      await this.post([...this.sent.values()].slice(0, MOST));
    } catch (error) {
      this.giveBack();
      if (error.passing) {
        this.later(error.message);
      } else {
        this.stop(error.message); // a fault of ours is no lost network: say so, and keep what was typed
      }
    } finally {
      this.sending = false;
      this.tell();
    }
    if (this.waiting.size && !this.lost && !this.hindered()) {
      this.send();
    }
  }

  // Until a person does something.
  hindered() {
    return Boolean(this.stopped || this.stranger || this.signedOut);
  }

  async post(operations) {
    let answer = await this.posted(operations);
    if (answer.status === 403) {
      if (!(await this.renewed())) {
        this.giveBack();
        return;
      }
      answer = await this.posted(operations);
    }
    if (answer.status === 401) {
      this.giveBack();
      this.signedOut = true;
      document.dispatchEvent(new CustomEvent("hocbaso:signed-out"));
      return;
    }
    if (answer.status >= 500 || answer.status === 429) {
      throw Object.assign(new Error("busy"), { passing: true });
    }
    if (!answer.ok) {
      const told = await answer.json().catch(() => ({}));
      throw new Error(told.message ?? `Mã lỗi ${answer.status}`);
    }
    this.taken(await answer.json());
  }

  posted(operations) {
    const request = {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ ops: operations, since: this.changeNo, method: "typed" }),
      signal: AbortSignal.timeout(20_000),
    };
    return fetch(this.address, request).catch(noNetwork);
  }

  // A refusal may mean no more than that the page's token is an old one: the person signed out, or in again, in another
  // tab. With the token of now it is asked once more; nothing typed here is sent in the name of somebody else.
  async renewed() {
    const state = await look().catch(noNetwork);
    this.stranger = state.signed_in && state.user !== signedInPerson();
    if (!this.stranger) {
      renewTokens(state.csrf);
    }
    return !this.stranger;
  }

  // Whether the page's own person is signed in, asked where that may have changed: in another tab, unseen here.
  async isOwner() {
    const state = await look(AbortSignal.timeout(15_000)).catch(() => null);
    const wasStranger = this.stranger;
    const isOwner = Boolean(state?.signed_in) && state.user === signedInPerson();
    if (state) {
      this.stranger = state.signed_in && !isOwner;
    }
    if (isOwner) {
      this.away = !document.hasFocus();
      renewTokens(state.csrf);
      this.send();
    } else if (state && !state.signed_in && (wasStranger || this.unsaved())) {
      this.signedOut = true;
      document.dispatchEvent(new CustomEvent("hocbaso:signed-out"));
    }
    this.tell();
    return isOwner;
  }

  listenToSessions() {
    window.addEventListener("blur", () => { this.away = true; });
    window.addEventListener("focus", () => (this.stranger || this.unsaved()) && this.isOwner());
    document.addEventListener("hocbaso:signed-in", () => {
      this.signedOut = this.stranger = false;
      this.stopped = "";
      this.send();
      this.tell();
    });
    document.addEventListener("hocbaso:other-person", () => {
      this.signedOut = false;
      this.stranger = true;
      this.tell();
    });
  }

  // Sends at once and waits for the answer; false where it could not be sent: the status line says why.
  async flushed() {
    clearTimeout(this.timer);
    if (this.stranger && !(await this.isOwner())) {
      return false;
    }
    for (let tenths = 0; tenths < 200 && this.unsaved(); tenths += 1) {
      this.send();
      if (this.hindered() || (this.lost && !this.sending)) {
        return false;
      }
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
    return !this.unsaved();
  }

  giveBack() {
    for (const [cell, operation] of this.sent) {
      if (!this.waiting.has(cell)) {
        this.waiting.set(cell, operation);
      }
    }
    this.sent = new Map();
  }

  later(why) {
    this.lost = why;
    setTimeout(() => this.send(), this.pause * (0.7 + Math.random() * 0.6));
    this.pause = Math.min(this.pause * 2, LONGEST_WAIT);
  }

  stop(message) {
    this.stopped = message;
  }
};
