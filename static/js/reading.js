// Marks what is selected in the text: with the mouse, or with the keyboard. Without this script the words are typed, or whole
// sentences are ticked; what a press of the button does is done by the server either way.
"use strict";

(() => {
  const text = document.getElementById("passage");
  const form = document.getElementById("reading");
  if (!text || !form) return;
  const line = document.getElementById("select");
  const button = line.querySelector("button");
  line.hidden = false;

  const length = (range) => Array.from(range.toString()).length; // characters, as the server counts them

  function selected() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const start = length(before);
    return [start, start + length(range)];
  }

  function keep() { // what was selected last stays, also when a press of a button takes the selection away
    const found = selected();
    if (!found) return;
    document.getElementById("start").value = found[0];
    document.getElementById("end").value = found[1];
  }

  document.addEventListener("selectionchange", keep);
  form.addEventListener("submit", keep);

  text.addEventListener("focus", () => {
    const selection = document.getSelection();
    if (!selection.rangeCount || !text.contains(selection.anchorNode)) selection.collapse(text, 0);
  });

  text.addEventListener("keydown", (event) => {
    const selection = document.getSelection();
    const directions = { ArrowRight: "forward", ArrowLeft: "backward" };
    if (event.key === "Enter" && selected()) {
      event.preventDefault();
      form.requestSubmit(button);
    } else if (event.key in directions) {
      event.preventDefault();
      const direction = directions[event.key];
      if (event.shiftKey) selection.modify("extend", direction, event.ctrlKey ? "character" : "word");
      else {
        selection.modify("move", direction, "word");
        selection.modify("extend", "forward", "word");
      }
    }
  });
})();
