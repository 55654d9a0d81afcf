// Loads the WebAssembly module, once for all consoles of a page, and tells them when it has stopped.

import { wasmUrl as besideThis } from "../dist/url.js";

/** The one that is loaded or being loaded. */
let loading;
/** Where it comes from. */
let loadedFrom;
/** Why it has stopped, once it has. */
let fault;
/** The hosts of mounted consoles, to be told of a fault. */
const hosts = new Set();

/**
 * Loads the module; a second call gives the same one. Where it could not be loaded, the next call
 * tries again.
 */
export function load(wasmUrl) {
  const url = new URL(wasmUrl ?? besideThis, document.baseURI).href;
  if (loading && url !== loadedFrom) {
    return Promise.reject(
      new Error(`odp-console is loaded from ${loadedFrom}: option "wasmUrl" cannot be ${url} beside it`),
    );
  }
  loadedFrom = url;
  loading ??= fetchAndStart(url).catch((error) => {
    loading = undefined;
    throw new Error(`odp-console cannot be loaded from ${url} (option "wasmUrl"): ${error?.message ?? error}`);
  });
  return loading;
}

async function fetchAndStart(url) {
  // At once, not one after the other.
  const [module, answer] = await Promise.all([import("../dist/odp-console.js"), fetch(url)]);
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  await module.default({ module_or_path: answer });
  return module;
}

const sentences = {
  en: "The ODP console has stopped by a fault of its own. What stands below is no longer live; a task goes on at the agent all the same. Reload this page to look again.",
  zh: "ODP 控制台因自身故障已停止运行。下方内容不再更新，但 agent 上的任务会继续执行。请重新加载本页面查看。",
};

/** Has `host` told, by `odp-error` and above what looks alive, when the module stops. */
export function watch(host) {
  if (hosts.size === 0) {
    addEventListener("error", onError);
    addEventListener("unhandledrejection", onRejection);
  }
  hosts.add(host);
  return () => {
    hosts.delete(host);
    if (hosts.size === 0) {
      removeEventListener("error", onError);
      removeEventListener("unhandledrejection", onRejection);
    }
  };
}

/** Why the module has stopped; `undefined` as long as it runs. */
export const stopped = () => fault;

const onError = ({ error }) => see(error);
const onRejection = ({ reason }) => see(reason);

// A fault of the module's own ends in a trap, which nobody catches, and what is on the screen looks
// alive and is not. Another module of the page may trap as well: the stack tells whose it was.
function see(error) {
  const ours = loadedFrom?.split("/").pop();
  if (fault || !(error instanceof WebAssembly.RuntimeError) || !error.stack?.includes(ours)) return;
  fault = error;
  for (const host of [...hosts]) {
    const shadow = host.shadowRoot;
    const chinese = shadow?.firstElementChild?.lang.startsWith("zh");
    const sentence = document.createElement("p");
    sentence.setAttribute("role", "alert");
    sentence.textContent = sentences[chinese ? "zh" : "en"];
    shadow?.prepend(sentence);
    tell(host, "odp-error", { kind: "fault", what: String(error.message) });
  }
}

/** Sends an event as the module sends its own: on the next tick, bubbling and composed. */
export function tell(host, name, detail) {
  queueMicrotask(() => {
    host.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  });
}
