// The control API, as the page uses it.

const chosen = new URLSearchParams(location.search).get("bot");
export const state = { bot: chosen, revision: 0 };

function address(path) {
  const bot = state.bot ? `${path.includes("?") ? "&" : "?"}bot=${encodeURIComponent(state.bot)}` : "";
  return `/sandbox${path}${bot}`;
}

async function ask(verb, path, body, type = "application/json") {
  const answer = await fetch(address(path), { method: verb, headers: body ? { "Content-Type": type } : {}, body });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value;
}

export const get = (path) => ask("GET", path);
export const post = (path, body = {}) => ask("POST", path, JSON.stringify(body));
export const upload = (path, data) => ask("POST", path, data, data.type || "application/octet-stream");
export const remove = (path) => ask("DELETE", path);
