// Dialogs, and the forms of an order that ask for a reason.

/** Show a dialog, unless one is open. */
export function showDialog(id) {
  if (!document.querySelector("dialog[open]")) document.getElementById(id)?.showModal();
}

/** Open a form that asks for a reason, ready to type. */
export function openForm(details) {
  details.open = true;
  details.querySelector("textarea, input:not([type=hidden])")?.focus();
}

function openFormOfAddress() {
  const form = document.getElementById(`ask-${new URLSearchParams(location.search).get("ask")}`);
  if (form) openForm(form);
}

function startOpener(button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.closest("details")?.removeAttribute("open");
    showDialog(button.dataset.opens);
  });
}

openFormOfAddress();
for (const button of document.querySelectorAll("button[data-opens]")) startOpener(button);
for (const dialog of document.querySelectorAll("dialog.over")) {
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
}
