// Where the work in a grid stands, always in one plain sentence, never green before the server has said so; and the list of
// what the person has to look at.
//
// For an element with ``waiting``, ``sent`` and ``faults`` (by cell), and what stands in the way: ``stopped``, ``stranger``,
// ``signedOut``, ``lost``.

import { problem } from "./problems.js";

const OTHER_PERSON = "Trên máy này người khác vừa đăng nhập. Đăng nhập lại bằng tài khoản của bạn để";

export const telling = (Base) => class extends Base {
  tell() {
    this.heldBack = this.faults.size ? this.heldBack : "";
    const [words, mood] = this.sentence(new Set([...this.waiting.keys(), ...this.sent.keys()]).size);
    if (this.status.textContent !== words) {
      this.status.textContent = words;
    }
    this.status.className = mood ? `status status--${mood}` : "status";
    this.listProblems();
  }

  sentence(unsaved) {
    if (this.stopped) {
      return [`Chưa lưu được ${unsaved} ô. ${this.stopped}`, "bad"];
    }
    if (this.stranger) {
      return [unsaved ? `Chưa gửi được ${unsaved} ô. ${OTHER_PERSON} gửi` : `${OTHER_PERSON} tiếp tục`, "bad"];
    }
    if (unsaved && this.signedOut) {
      return [`Phiên đã hết. Đăng nhập lại để gửi ${unsaved} ô`, "warn"];
    }
    if (unsaved && this.lost === "busy") {
      return [`Máy chủ đang bận. ${unsaved} ô đã giữ trên trang này, sẽ tự gửi lại`, "warn"];
    }
    if (unsaved && this.lost) {
      return [`Mất kết nối. ${unsaved} ô đã giữ trên trang này, sẽ tự gửi khi có mạng`, "warn"];
    }
    if (unsaved) {
      return [`Đang lưu ${unsaved} ô…`, "busy"];
    }
    if (this.faults.size) {
      return this.faultsSentence();
    }
    return this.savedAt ? [`Đã lưu lúc ${this.savedAt}`, "ok"] : [this.firstWords, ""];
  }

  faultsSentence() {
    const conflicts = [...this.faults.values()].filter((fault) => fault.outcome === "conflict").length;
    const refused = this.faults.size - conflicts;
    const counts = [refused && `${refused} ô cần sửa`, conflicts && `${conflicts} ô trùng sửa`].filter(Boolean).join(", ");
    if (this.heldBack) {
      return [`Còn ${counts}: ${refused ? "sửa" : "chọn giá trị"} xong rồi ${this.heldBack}`, "bad"];
    }
    return [`${this.savedAt ? `Đã lưu lúc ${this.savedAt} · ` : ""}${counts}`, "warn"];
  }

  // The list is made anew only where it changed: a focus inside it stays.
  listProblems() {
    const told = JSON.stringify([...this.faults.values()]);
    if (told === this.toldProblems) {
      return;
    }
    this.toldProblems = told;
    this.problems.replaceChildren(...[...this.faults].map(([cell, fault]) => problem(this, cell, fault)));
    this.problems.parentElement.hidden = this.faults.size === 0;
  }

  // What would close the grid is not sent while a value on the page is not the one that is stored.
  holdBack(deed) {
    this.heldBack = deed;
    this.tell();
    this.cells().find((cell) => this.faults.has(cell)).focus();
  }
};
