// Starts the console on its own page: reads config.json, loads the WebAssembly module, mounts it.
// What cannot start says so in one sentence, in the reader's language, in place of the console; so
// does what stops by a fault of its own, above what it showed last.

import init, { mount } from "./bindings.js";

const host = document.querySelector("odp-console");

// The console's own looks live in its shadow root; this is the page around it. A constructed
// style sheet, because every further file would be a round trip before the first paint.
const style = new CSSStyleSheet();
style.replaceSync(`
  body { margin: 0; }
  odp-console { display: block; --odp-console-min-height: 100vh; }
  .failure { margin: 2rem auto; max-width: 40rem; padding: 0 1.5rem; font: 1rem/1.6 system-ui, sans-serif; }
`);
document.adoptedStyleSheets = [style];

const sentences = {
  en: {
    config: (why) => `The ODP console cannot start: config.json beside this page could not be read (${why}).`,
    module: (why) => `The ODP console cannot start: its program could not be loaded as it was built, or not be run (${why}).`,
    link: (why) => `This page's link cannot be opened (${why}).`,
    fault: (why) => `The ODP console has stopped by a fault of its own (${why}). What stands below is no longer live; a task goes on at the agent all the same. Reload this page to look again.`,
  },
  zh: {
    config: (why) => `ODP 控制台无法启动：无法读取本页面旁的 config.json（${why}）。`,
    module: (why) => `ODP 控制台无法启动：其程序未能原样加载，或无法运行（${why}）。`,
    link: (why) => `无法打开本页面的链接（${why}）。`,
    fault: (why) => `ODP 控制台因自身故障已停止运行（${why}）。下方内容不再更新，但 agent 上的任务会继续执行。请重新加载本页面查看。`,
  },
};

async function readConfig() {
  const answer = await fetch("config.json", { cache: "no-cache" });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  const options = await answer.json();
  // Everyone can fetch this file.
  if (options?.credentials !== undefined) throw new Error("no credentials may stand in it");
  return options;
}

async function loadModule() {
  // Its name carries a hash of its content: the build writes both into this link.
  const { href, dataset } = document.querySelector("link[rel=preload]");
  const answer = await fetch(href, { integrity: dataset.integrity });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  await init({ module_or_path: answer });
}

function say(what, error) {
  const chinese = navigator.language.toLowerCase().startsWith("zh");
  const sentence = document.createElement("p");
  sentence.className = "failure";
  sentence.lang = chinese ? "zh-CN" : "en";
  sentence.setAttribute("role", "alert");
  sentence.textContent = sentences[chinese ? "zh" : "en"][what](error?.message ?? error);
  host.before(sentence);
  return sentence;
}

// Where the person is stands in the page's address: "#/agent/HOST:PORT", or "#/task/ID" with
// "/node/ID" or "/sub-task/ID" behind it, and "?agent=HOST:PORT" where the id does not tell the
// agent. So a reload loses nothing but the password, and a task can be sent to a colleague.
const kinds = { agent: "agent", task: "task", node: "node", "sub-task": "subTask" };

function link() {
  const { pathname, searchParams } = new URL(location.hash.slice(1), "http://link");
  const steps = pathname.split("/").slice(1).map(decodeURIComponent);
  const options = { agent: searchParams.get("agent") ?? undefined };
  for (let at = 0; at + 1 < steps.length; at += 2) {
    if (Object.hasOwn(kinds, steps[at])) options[kinds[steps[at]]] = steps[at + 1];
  }
  return options;
}

function written({ agent, task, node, subTask }) {
  if (!task) return agent ? `#/agent/${agent}` : "";
  const stage = node ? `/node/${node}` : subTask ? `/sub-task/${subTask}` : "";
  return `#/task/${task}${stage}${agent ? `?agent=${agent}` : ""}`;
}

// What the person chose is kept on this machine; where that is not allowed, it is chosen again.
const shelf = "odp-console";
const choices = ["locale", "theme", "zone"];

function chosen() {
  const known = {};
  try {
    const kept = JSON.parse(localStorage.getItem(shelf)) ?? {};
    for (const name of choices) if (typeof kept[name] === "string") known[name] = kept[name];
  } catch {
    // Nothing is kept, or what is kept is no JSON.
  }
  return known;
}

function keep(detail) {
  const known = chosen();
  for (const name of choices) if (detail[name]) known[name] = detail[name];
  if (Object.keys(known).length === 0) return;
  try {
    localStorage.setItem(shelf, JSON.stringify(known));
  } catch {
    // See above.
  }
}

function come(handle) {
  let complaint;
  const open = () => {
    complaint?.remove();
    try {
      handle.update(link());
    } catch (error) {
      complaint = say("link", error);
    }
  };
  open();
  addEventListener("hashchange", open);
}

// The module is built so that a fault of its own ends in a trap, which nobody catches. It must not
// go unseen: what is on the screen looks alive and is not.
function watch() {
  const traps = new AbortController();
  const seen = (error) => {
    if (error instanceof WebAssembly.RuntimeError) {
      traps.abort();
      say("fault", error);
    }
  };
  addEventListener("error", ({ error }) => seen(error), { signal: traps.signal });
  addEventListener("unhandledrejection", ({ reason }) => seen(reason), { signal: traps.signal });
}

async function start() {
  let failing = "config";
  try {
    // Both at once: neither waits for the other.
    const loading = loadModule();
    loading.catch(() => {}); // Looked at below, after the config.
    const options = await readConfig();
    failing = "module";
    await loading;
    watch();
    host.addEventListener("odp-place", ({ detail }) => {
      history.replaceState(null, "", written(detail) || location.pathname + location.search);
      keep(detail);
    });
    host.replaceChildren(); // What stands there until then, and where none of this runs.
    const handle = mount(host, options);
    try {
      handle.update(chosen());
    } catch {
      // Chosen in another version of the console.
    }
    come(handle);
  } catch (error) {
    say(failing, error);
    host.remove();
  }
}

start();

// For who wants to look into the module that runs here.
export { init as default, mount };
