// A grid of marks: every cell is saved by itself, against the value it had when one began; nothing is overwritten unseen.
//
// The table is made by the server and works as a form without this file. What a person leaves in a cell goes to the server
// in small batches; each cell is answered on its own. Without a network the cells wait here and are sent again. Values are
// never rounded or guessed here: the server reads what was typed and says what stands.

import { problem } from "./problems.js";
import { sending } from "./sending.js";

const SAVE_AFTER = 400;
const ASK_EVERY = 30_000;

const clock = () => new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });

class SoDiem extends sending(HTMLElement) {
  connectedCallback() {
    this.address = this.dataset.url;
    this.changeNo = Number(this.dataset.changeNo);
    this.waiting = new Map(); // cell → operation not sent yet
    this.sent = new Map(); // cell → operation without an answer
    this.faults = new Map(); // cell → what the person has to look at
    this.pause = 1000;
    this.status = this.querySelector("[data-status]");
    this.problems = this.querySelector("[data-problems]");
    this.addEventListener("change", (event) => this.commit(event.target));
    this.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("focusin", (event) => this.focusedCell(event.target));
    this.addEventListener("focusout", (event) => this.commit(event.target));
    window.addEventListener("online", () => this.send());
    window.addEventListener("beforeunload", (event) => this.unsaved() && event.preventDefault());
    document.addEventListener("hocbaso:signed-in", () => {
      this.signedOut = false;
      this.send();
    });
    // What is submitted on this page (“Xác nhận sổ”) comes after the cells that are still on their way.
    document.addEventListener("submit", (event) => this.saveBefore(event), true);
    setInterval(() => document.visibilityState === "visible" && this.askForChanges(), ASK_EVERY);
    for (const area of this.querySelectorAll("textarea")) {
      this.fit(area);
    }
    this.querySelector("[data-whole-form]")?.remove(); // the button for browsers without scripts
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
      this.shownBefore = cell.value;
      this.querySelector("[data-here]").textContent = this.label(cell).replace(", ", " · ");
      if (cell.select && cell.tagName === "INPUT") {
        cell.select();
      }
    }
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

  taken(answer) {
    this.lost = this.signedOut = false;
    this.pause = 1000;
    const cells = new Map([...this.sent].map(([cell, operation]) => [operation.id, cell]));
    for (const result of answer.results) {
      this.answered(cells.get(result.id), result);
    }
    this.changed(answer);
    this.savedAt = clock();
  }

  answered(cell, result) {
    const operation = this.sent.get(cell);
    this.sent.delete(cell);
    if (this.waiting.has(cell)) {
      this.waiting.get(cell).base = result.outcome === "ok" ? result.value : this.waiting.get(cell).base;
    }
    if (result.outcome === "ok") {
      cell.dataset.value = result.value;
      cell.dataset.shown = result.shown;
      if (!this.waiting.has(cell) && cell.value.trim() === operation.typed) {
        this.show(cell, result);
      }
      return;
    }
    cell.setAttribute("aria-invalid", "true");
    this.faults.set(cell, { ...result, typed: operation.typed });
  }

  show(cell, result) {
    cell.value = cell.tagName === "SELECT" ? result.value : result.shown;
    cell.dataset.shown = cell.value;
  }

  changed(answer) {
    for (const change of answer.changes ?? []) {
      if (!change.col) {
        this.listChanged = true; // somebody came into the class or left it: the page is loaded anew before confirming
        this.querySelector("[data-list-changed]").hidden = false;
        continue;
      }
      const cell = this.cellAt(change.row, change.col);
      const busy = cell && (this.waiting.has(cell) || this.sent.has(cell) || this.faults.has(cell) || cell === document.activeElement);
      if (cell && !busy && cell.dataset.value !== change.value) {
        if (cell.matches("[data-value]")) {
          cell.dataset.value = change.value;
          this.show(cell, change);
        } else {
          cell.textContent = change.shown;
        }
      }
    }
    for (const [row, shown] of Object.entries(answer.rows ?? {})) {
      const place = this.querySelector(`[data-row="${row}"] [data-result]`);
      if (place) {
        place.textContent = shown;
      }
    }
    this.changeNo = Math.max(this.changeNo, answer.change_no);
    for (const field of this.listChanged ? [] : document.querySelectorAll("[data-follows=change_no]")) {
      field.value = this.changeNo;
    }
    for (const place of document.querySelectorAll("[data-follows=missing]")) {
      place.textContent = answer.missing;
    }
  }

  async askForChanges() {
    if (this.sending) {
      return;
    }
    const answer = await fetch(`${this.address}?tu=${this.changeNo}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) {
      this.changed(await answer.json());
    }
  }

  async saveBefore(event) {
    if (event.target.closest("[data-relogin]")) {
      return; // signing in again comes first: without it nothing can be saved
    }
    if (this.contains(document.activeElement)) {
      this.commit(document.activeElement);
    }
    if (!this.unsaved()) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const { target, submitter } = event;
    if (await this.flushed()) {
      target.requestSubmit(submitter);
    }
  }

  // -- Status: always one plain sentence, never green before the server has said so.
  tell() {
    const unsaved = new Set([...this.waiting.keys(), ...this.sent.keys()]).size;
    const [words, mood] = this.sentence(unsaved);
    this.status.textContent = words;
    this.status.className = `status status--${mood}`;
    this.listProblems();
  }

  sentence(unsaved) {
    const conflicts = [...this.faults.values()].filter((fault) => fault.outcome === "conflict").length;
    if (this.stopped) {
      return [`Chưa lưu được ${unsaved} ô. ${this.stopped}`, "bad"];
    }
    if (this.signedOut) {
      return [`Phiên đã hết. Đăng nhập lại để gửi ${unsaved} ô`, "warn"];
    }
    if (unsaved && this.lost) {
      return [`Mất kết nối. ${unsaved} ô đã giữ trên trang này, sẽ tự gửi khi có mạng`, "warn"];
    }
    if (unsaved) {
      return [`Đang lưu ${unsaved} ô…`, "busy"];
    }
    if (conflicts) {
      return [`${conflicts} ô trùng sửa`, "warn"];
    }
    if (this.faults.size) {
      return [`${this.savedAt ? `Đã lưu lúc ${this.savedAt} · ` : ""}${this.faults.size} ô cần sửa`, "warn"];
    }
    return this.savedAt ? [`Đã lưu lúc ${this.savedAt}`, "ok"] : ["Chưa có thay đổi", "ok"];
  }

  listProblems() {
    const items = [...this.faults].map(([cell, fault]) => problem(this, cell, fault));
    this.problems.replaceChildren(...items);
    this.problems.parentElement.hidden = items.length === 0;
  }

  keepMine(cell, fault) {
    cell.dataset.value = fault.value;
    cell.dataset.shown = fault.shown;
    this.faults.delete(cell);
    cell.removeAttribute("aria-invalid");
    cell.value = fault.typed;
    this.commit(cell);
    this.send();
  }

  takeTheirs(cell, fault) {
    cell.dataset.value = fault.value;
    this.faults.delete(cell);
    cell.removeAttribute("aria-invalid");
    this.show(cell, fault);
    this.tell();
  }
}

customElements.define("so-diem", SoDiem);
