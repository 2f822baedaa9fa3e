// What a person has to look at in a grid: refused cells, and cells somebody else has changed meanwhile.

const SMALL = "button button--secondary button--small";

export function problem(grid, cell, fault) {
  const item = document.createElement("li");
  const words = fault.outcome === "invalid" ? fault.message : `${grid.label(cell)}: ${fault.message}`;
  item.append(button(words, "link-button", () => cell.focus()));
  if (fault.outcome === "conflict") {
    item.append(conflict(grid, cell, fault));
  } else {
    item.append(" ", button("Lấy lại giá trị đã lưu", SMALL, () => grid.takeStored(cell)));
  }
  return item;
}

// Both values, who and when; nothing is overwritten until the person has chosen.
function conflict(grid, cell, fault) {
  const place = document.createElement("div");
  place.className = "button-row";
  const words = document.createElement("span");
  const time = { hour: "2-digit", minute: "2-digit" };
  const when = fault.at ? ` lúc ${new Date(fault.at).toLocaleTimeString("vi-VN", time)}` : "";
  const theirs = `${fault.by || "Người khác"}${when}: ${fault.shown || "(trống)"}`;
  words.textContent = `Của bạn: ${fault.typed || "(trống)"} · ${theirs}`;
  place.append(
    words,
    button("Giữ của tôi", SMALL, () => grid.keepMine(cell, fault)),
    button("Lấy giá trị kia", SMALL, () => grid.takeStored(cell)),
  );
  return place;
}

function button(words, look, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = look;
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}
