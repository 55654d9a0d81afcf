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
 * Loads the module; a second call gives the same one. Where it could not be loaded, the browser's
 * console says so once, and the next call tries again.
 */
export function load(wasmUrl) {
  const url = new URL(wasmUrl ?? besideThis, document.baseURI).href;
  if (loading && url !== loadedFrom) {
    return Promise.reject(
      new Error(`odp-console is loaded from ${loadedFrom}: option "wasmUrl" cannot be ${url} beside it`),
    );
  }
  loadedFrom = url;
  loading ??= fetchAndStart(url).catch((cause) => {
    loading = undefined;
    const why = cause?.message ?? cause;
    const error = new Error(`odp-console cannot be loaded from ${url} (option "wasmUrl"): ${why}`, { cause });
    console.error(error.message);
    throw error;
  });
  return loading;
}

async function fetchAndStart(url) {
  // At once, not one after the other.
  const [module, answer] = await Promise.all([import("../dist/odp-console.js"), fetch(url)]);
  if (!answer.ok) throw new Error(`the server responded with HTTP ${answer.status}`);
  // What a bundler's server or a single-page site answers for a file that it does not have.
  const type = answer.headers.get("Content-Type") ?? "";
  if (type.startsWith("text/html")) {
    throw new Error(`the server responded with a web page (${type}) instead of a WebAssembly module`);
  }
  await module.default({ module_or_path: answer });
  return module;
}

const sentences = {
  load: {
    en: "The ODP console could not be loaded. Reload this page. If the problem remains, ask the site's administrator to check the error in the browser's developer console.",
    zh: "ODP 控制台加载失败。请重新加载本页面。如果问题仍然存在，请联系站点管理员查看浏览器开发者控制台中的错误信息。",
  },
  fault: {
    en: "The ODP console stopped because of an internal error. The content below is no longer updated. A running task continues on the agent. Reload this page.",
    zh: "ODP 控制台因内部错误停止运行。下方内容不再更新，Agent 上的任务会继续执行。请刷新页面。",
  },
};

/** Says what happened at the top of a host's shadow root; gives the sentence, `undefined` where there is no root. */
function say(shadow, what, language) {
  const sentence = document.createElement("p");
  const chinese = language?.toLowerCase().startsWith("zh");
  sentence.lang = chinese ? "zh-CN" : "en";
  sentence.setAttribute("role", "alert");
  sentence.textContent = sentences[what][chinese ? "zh" : "en"];
  shadow?.prepend(sentence);
  return shadow && sentence;
}

/** Says in a host that is still empty that there will be no console; `locale` as the option. */
export function sayNotLoaded(host, locale) {
  const asked = locale === "auto" ? undefined : locale;
  const language = asked ?? (host.closest("[lang]")?.lang || navigator.language);
  let shadow = host.shadowRoot;
  try {
    shadow ??= host.attachShadow({ mode: "open" });
  } catch {
    // Some elements carry none.
  }
  return say(shadow, "load", language);
}

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
    say(shadow, "fault", shadow?.firstElementChild?.lang);
    tell(host, "odp-error", { kind: "fault", what: String(error.message) });
  }
}

/** Sends an event as the module sends its own: on the next tick, bubbling and composed. */
export function tell(host, name, detail) {
  queueMicrotask(() => {
    host.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  });
}
