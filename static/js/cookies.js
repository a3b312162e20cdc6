// The cookie banner's answer without leaving the page, so that what somebody has typed into a form below stays there.
// Without this script the banner is a plain form that comes back to the same page.
"use strict";

(() => {
  const banner = document.getElementById("cookie-banner");
  const form = banner && banner.querySelector("form");
  if (!form) return;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = new FormData(form);
    answer.set("answer", event.submitter.value);
    let kept = false;
    try {
      const reply = await fetch(form.action, { method: "POST", body: answer, redirect: "follow" });
      kept = reply.ok && new URL(reply.url).searchParams.get("cookies") === "kept";
    } catch {
      kept = false;
    }
    if (kept) {
      banner.replaceChildren(banner.querySelector("template").content);
      banner.querySelector("[role=status]").focus();
    } else {
      const plain = document.createElement("input"); // the browser's own way says what is wrong
      Object.assign(plain, { type: "hidden", name: "answer", value: event.submitter.value });
      form.append(plain);
      form.submit();
    }
  });
})();
