// The control API, as the page uses it.

const chosen = new URLSearchParams(location.search).get("bot");
export const state = { bot: chosen, revision: 0 };

function address(path) {
  const bot = state.bot ? `${path.includes("?") ? "&" : "?"}bot=${encodeURIComponent(state.bot)}` : "";
  return `/sandbox${path}${bot}`;
}

async function ask(verb, path, body) {
  const answer = await fetch(address(path), {
    method: verb,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value;
}

export const get = (path) => ask("GET", path);
export const post = (path, body = {}) => ask("POST", path, body);
export const remove = (path) => ask("DELETE", path);
