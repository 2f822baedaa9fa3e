// A grid of marks: every cell is saved by itself, against the value it had when one began; nothing is overwritten unseen.
//
// The table is made by the server and works as a form without this file. What a person leaves in a cell goes to the server
// in small batches; each cell is answered on its own. Without a network the cells wait here and are sent again. Values are
// never rounded or guessed here: the server reads what was typed and says what stands.

import { answering } from "./answers.js";
import { sending } from "./sending.js";
import { telling } from "./status.js";

const SAVE_AFTER = 400;
const ASK_EVERY = 30_000;

class SoDiem extends telling(answering(sending(HTMLElement))) {
  connectedCallback() {
    this.address = this.dataset.url;
    this.changeNo = this.firstChangeNo = Number(this.dataset.changeNo);
    this.waiting = new Map(); // cell → operation not sent yet
    this.sent = new Map(); // cell → operation without an answer
    this.faults = new Map(); // cell → what the person has to look at
    this.heard = new Map(); // cell → the newest word of the server
    this.pause = 1000;
    this.status = this.querySelector("[data-status]");
    this.firstWords = this.status.textContent;
    this.problems = this.querySelector("[data-problems]");
    this.listen();
    setInterval(() => document.visibilityState === "visible" && this.askForChanges(), ASK_EVERY);
    for (const area of this.querySelectorAll("textarea")) {
      this.fit(area);
    }
    this.querySelector("[data-whole-form]")?.remove(); // the button for browsers without scripts
  }

  listen() {
    this.addEventListener("change", (event) => this.commit(event.target));
    this.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("pointerdown", () => { this.pointing = true; });
    this.addEventListener("keydown", () => { this.pointing = false; });
    this.addEventListener("focusin", (event) => this.focusedCell(event.target));
    this.addEventListener("focusout", (event) => this.leftCell(event.target));
    window.addEventListener("online", () => this.send());
    window.addEventListener("beforeunload", (event) => this.wouldLose() && event.preventDefault());
    this.listenToSessions();
    // What is submitted on this page (“Xác nhận sổ”) comes after the cells that are still on their way.
    document.addEventListener("submit", (event) => this.saveBefore(event), true);
  }

  cells() {
    return [...this.querySelectorAll("[data-col][data-value]")];
  }

  rowOf(cell) {
    return cell.closest("[data-row]").dataset.row;
  }

  cellAt(row, column) {
    return this.querySelector(`[data-row="${row}"] [data-col="${column}"]`);
  }

  label(cell) {
    return cell.getAttribute("aria-label");
  }

  // -- Keys: Enter and arrows as in Excel; a key pressed while an input method composes belongs to it.
  key(event) {
    const cell = event.target;
    if (event.isComposing || event.keyCode === 229 || !cell.matches("[data-col]")) {
      return;
    }
    const isText = cell.tagName === "TEXTAREA";
    const moves = { Enter: event.shiftKey ? -1 : 1 };
    if (!isText && cell.tagName !== "SELECT") {
      Object.assign(moves, { ArrowDown: 1, ArrowUp: -1 });
    }
    if (event.key === "Escape") {
      cell.value = this.shownBefore ?? cell.value;
      return;
    }
    if (event.key in moves && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      this.commit(cell);
      this.step(cell, moves[event.key]);
    }
  }

  step(cell, by) {
    const column = [...this.querySelectorAll(`[data-value][data-col="${cell.dataset.col}"]`)];
    const place = column.indexOf(cell) + by;
    if (column[place]) {
      column[place].focus();
    } else if (place >= column.length) {
      this.firstOfNextColumn(cell)?.focus(); // from the last row to the top of the next column
    }
  }

  firstOfNextColumn(cell) {
    const codes = [...new Set(this.cells().map((one) => one.dataset.col))];
    const next = codes[codes.indexOf(cell.dataset.col) + 1];
    return next && this.querySelector(`[data-value][data-col="${next}"]`);
  }

  focusedCell(cell) {
    if (cell.matches?.("[data-col]")) {
      this.here = cell;
      this.shownBefore = cell.value;
      this.querySelector("[data-here]").textContent = this.label(cell).replace(", ", " · ");
      if (cell.select && cell.tagName === "INPUT") {
        cell.select();
      }
      requestAnimationFrame(() => this.pointing || this.keepHeadsInView());
    }
  }

  // A browser puts a cell that comes from below into the middle of the window, and the heads of the columns above its edge.
  // Not under a pointing hand: there the page does not move.
  keepHeadsInView() {
    const { bottom } = this.querySelector(".grid-top").getBoundingClientRect();
    const { top } = this.querySelector(".grid-scroll").getBoundingClientRect();
    window.scrollBy({ top: Math.min(0, top - Math.max(0, bottom)), behavior: "instant" });
  }

  leftCell(cell) {
    this.here = null;
    this.commit(cell);
    this.settle(cell);
  }

  fit(area) {
    area.style.setProperty("height", "auto");
    area.style.setProperty("height", `${Math.min(area.scrollHeight + 2, 480)}px`);
  }

  // -- Saving
  commit(cell) {
    if (!cell.matches?.("[data-col][data-value]")) {
      return;
    }
    const typed = cell.value.trim();
    const last = this.waiting.get(cell) ?? this.sent.get(cell);
    const known = last ? last.typed : (this.faults.get(cell)?.typed ?? cell.dataset.shown ?? this.first(cell));
    if (typed === known) {
      return;
    }
    const before = this.waiting.get(cell) ?? this.sent.get(cell);
    const operation = {
      id: crypto.randomUUID(), row: this.rowOf(cell), col: cell.dataset.col, typed, base: cell.dataset.value,
      prev: before ? [before.id, ...before.prev] : [],
    };
    this.faults.delete(cell);
    cell.removeAttribute("aria-invalid");
    this.waiting.set(cell, operation);
    if (cell.tagName === "TEXTAREA") {
      this.fit(cell);
    }
    this.tell();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), SAVE_AFTER);
  }

  first(cell) {
    return cell.tagName === "SELECT" ? cell.dataset.value : cell.defaultValue.trim();
  }

  commitHere() {
    if (this.contains(document.activeElement)) {
      this.commit(document.activeElement);
    }
  }

  // Leaving the page loses what is not stored: what waits, what was refused, what somebody else's change stands against.
  wouldLose() {
    this.commitHere();
    return this.unsaved() || this.faults.size > 0;
  }

  // A form that closes the grid (data-faults-first, saying what it does) is held back while a cell needs the person.
  async saveBefore(event) {
    const { target, submitter } = event;
    if (target.closest("[data-relogin]")) {
      return; // signing in again comes first: without it nothing can be saved
    }
    this.commitHere();
    const deed = target.dataset.faultsFirst;
    if (!this.unsaved() && !(deed && this.faults.size)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (!(await this.flushed())) {
      return;
    }
    if (deed && this.faults.size) {
      this.holdBack(deed);
    } else {
      target.requestSubmit(submitter);
    }
  }

  // -- What a person decides about a fault
  keepMine(cell, fault) {
    cell.dataset.value = fault.value;
    cell.dataset.shown = fault.shown;
    this.mended(cell);
    cell.value = fault.typed;
    this.commit(cell);
    this.send();
  }

  takeStored(cell) {
    const stored = this.heard.get(cell) ?? { value: cell.dataset.value, shown: cell.dataset.shown ?? this.first(cell) };
    this.mended(cell);
    cell.dataset.value = stored.value;
    this.show(cell, stored);
    this.follow();
    this.tell();
  }

  mended(cell) {
    this.faults.delete(cell);
    cell.removeAttribute("aria-invalid");
    cell.focus(); // the button that was pressed goes away
  }
}

customElements.define("so-diem", SoDiem);
