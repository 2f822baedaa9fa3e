// What the server says of cells: the newest word stands, in whatever order the words come in.
//
// A save whose answer got lost is told once more among the changes; a question for changes crosses a save on its way. So
// every word about a cell carries the number of the change it tells of ("change_no"), and an older one never takes the
// place of a newer. A cell in which the person is at work keeps what it shows until it is left.
//
// For an element with ``waiting``, ``sent`` and ``faults`` (by cell), ``here`` (the cell with the focus) and ``tell()``.

const clock = () => new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });

export const answering = (Base) => class extends Base {
  taken(answer) {
    this.lost = this.signedOut = false;
    this.pause = 1000;
    const cells = new Map([...this.sent].map(([cell, operation]) => [operation.id, cell]));
    for (const result of answer.results) {
      this.answered(cells.get(result.id), result);
    }
    this.changed(answer);
    if (answer.results.some((result) => result.outcome === "ok")) {
      this.savedAt = clock();
    }
  }

  answered(cell, result) {
    const operation = this.sent.get(cell);
    const later = this.waiting.get(cell); // typed meanwhile: its own answer will count
    this.sent.delete(cell);
    if (result.outcome !== "forbidden") {
      this.hear(cell, result);
    }
    if (result.outcome !== "ok") {
      if (!later) {
        cell.setAttribute("aria-invalid", "true");
        this.faults.set(cell, { ...result, typed: operation.typed });
      }
      return;
    }
    cell.dataset.value = result.value;
    cell.dataset.shown = result.shown;
    if (later) {
      later.base = result.value;
    } else if (cell.value.trim() === operation.typed) {
      this.show(cell, result);
    }
  }

  hear(cell, word) {
    if (word.change_no >= (this.heard.get(cell)?.change_no ?? this.firstChangeNo)) {
      this.heard.set(cell, word);
    }
  }

  // Shows what stands, unless the person is at work in the cell.
  settle(cell) {
    const word = this.heard.get(cell);
    const fault = this.faults.get(cell);
    if (fault?.outcome === "conflict" && word && word.value !== fault.value) {
      this.faults.set(cell, { ...fault, value: word.value, shown: word.shown, by: "", at: "" });
    }
    if (!word || fault || this.waiting.has(cell) || this.sent.has(cell) || cell === this.here) {
      return;
    }
    if (!cell.matches("[data-value]")) {
      cell.textContent = word.shown;
    } else if (cell.dataset.value !== word.value) {
      cell.dataset.value = word.value;
      this.show(cell, word);
    }
  }

  show(cell, word) {
    cell.value = cell.tagName === "SELECT" ? word.value : word.shown;
    cell.dataset.shown = cell.value;
    if (cell.tagName === "TEXTAREA") {
      this.fit(cell);
    }
  }

  changed(answer) {
    for (const change of answer.changes ?? []) {
      const cell = change.col && this.cellAt(change.row, change.col);
      if (cell) {
        this.hear(cell, change);
      } else if (!change.col) {
        this.listChanged = true; // somebody came into the class or left it: the page is loaded anew before confirming
        this.querySelector("[data-list-changed]").hidden = false;
      }
    }
    for (const cell of this.heard.keys()) {
      this.settle(cell);
    }
    for (const [row, shown] of Object.entries(answer.rows ?? {})) {
      const place = this.querySelector(`[data-row="${row}"] [data-result]`);
      if (place) {
        place.textContent = shown;
      }
    }
    this.count(answer);
  }

  count(answer) {
    if (answer.change_no >= this.changeNo) {
      this.changeNo = answer.change_no;
      for (const place of document.querySelectorAll("[data-follows=missing]")) {
        place.textContent = answer.missing;
      }
    }
    this.follow();
  }

  // What is confirmed is what was seen: the number waits while a newer value waits behind the cell with the focus.
  follow() {
    const word = this.here && this.heard.get(this.here);
    const unseen = word && word.value !== this.here.dataset.value;
    for (const field of this.listChanged || unseen ? [] : document.querySelectorAll("[data-follows=change_no]")) {
      field.value = this.changeNo;
    }
  }

  // While somebody else is signed in, nothing is asked for in that person's name.
  async askForChanges() {
    if (this.sending || ((this.away || this.stranger) && !(await this.isOwner()))) {
      return;
    }
    const headers = { Accept: "application/json" };
    const answer = await fetch(`${this.address}?tu=${this.changeNo}`, { headers }).catch(() => null);
    if (answer?.ok && !this.stranger) {
      this.changed(await answer.json());
      this.tell();
    } else if (answer && answer.status < 500) {
      this.isOwner();
    }
  }
};
