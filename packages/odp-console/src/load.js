// Loads the WebAssembly module once for all consoles of a page, and reports to them when it stops.

import { wasmUrl as besideThis } from "../dist/url.js";

/** The promise of the module. */
let loading;
/** The URL of the module. */
let loadedFrom;
/** The error that stopped the module. */
let fault;
/** The mounted consoles, by their hosts; each is told of a fault. */
const consoles = new Set();

/** Removes the user name and password of the page's URL, which `fetch` rejects. */
const withoutCredentials = (text) => text.replace(/\/\/[^/@\s]+@/g, "//");

/**
 * Loads the module; a second call returns the same promise. If loading fails, the browser's console
 * shows the error once, and the next call tries again.
 */
export function load(wasmUrl) {
  const url = withoutCredentials(new URL(wasmUrl ?? besideThis, document.baseURI).href);
  if (loading && url !== loadedFrom) {
    return Promise.reject(
      new Error(`odp-console is loaded from ${loadedFrom}: option "wasmUrl" cannot be ${url} beside it`),
    );
  }
  loadedFrom = url;
  loading ??= fetchAndStart(url).catch((cause) => {
    loading = undefined;
    const why = withoutCredentials(String(cause?.message ?? cause));
    const error = new Error(`odp-console cannot be loaded from ${url} (option "wasmUrl"): ${why}`, { cause });
    console.error(error.message);
    throw error;
  });
  return loading;
}

async function fetchAndStart(url) {
  // In parallel.
  const [module, answer] = await Promise.all([import("../dist/odp-console.js"), fetch(url)]);
  if (!answer.ok) throw new Error(`the server responded with HTTP ${answer.status}`);
  // A bundler's server or a single-page site returns this for a missing file.
  const type = answer.headers.get("Content-Type") ?? "";
  if (type.startsWith("text/html")) {
    throw new Error(`the server responded with a web page (${type}) instead of a WebAssembly module`);
  }
  await module.default({ module_or_path: answer });
  return module;
}

const sentences = {
  load: {
    en: () => "The ODP console could not be loaded. Reload this page. If the problem remains, ask the site's administrator to check the error in the browser's developer console.",
    zh: () => "ODP 控制台加载失败。请重新加载本页面。如果问题仍然存在，请联系站点管理员查看浏览器开发者控制台中的错误信息。",
  },
  refused: {
    en: (why) => `The ODP console cannot start: ${why}. Ask the site's administrator to correct this page.`,
    zh: (why) => `ODP 控制台无法启动：${why}。请联系站点管理员修改本页面。`,
  },
  fault: {
    en: () => "The ODP console stopped because of an internal error. The content below is no longer updated. A running task continues on the agent. Reload this page.",
    zh: () => "ODP 控制台因内部错误停止运行。下方内容不再更新，Agent 上的任务会继续执行。请刷新页面。",
  },
};

/** Shows a message at the top of a host's shadow root; returns its element, or `undefined` without a shadow root. */
function say(shadow, what, language, why) {
  const sentence = document.createElement("p");
  const chinese = language?.toLowerCase().startsWith("zh");
  sentence.lang = chinese ? "zh-CN" : "en";
  sentence.setAttribute("role", "alert");
  sentence.textContent = sentences[what][chinese ? "zh" : "en"](why);
  shadow?.prepend(sentence);
  return shadow && sentence;
}

/** Shows in a host that the module could not be loaded; `locale` as in the options. */
export const sayNotLoaded = (host, locale) => sayNoConsole(host, locale, "load");

/** Shows in a host, and in the browser's console, why the console cannot start, such as a wrong option. */
export function sayRefused(host, locale, why) {
  console.error(`odp-console: ${why}`);
  return sayNoConsole(host, locale, "refused", why);
}

function sayNoConsole(host, locale, what, why) {
  const asked = typeof locale === "string" && locale !== "auto" ? locale : undefined;
  const language = asked ?? (host.closest("[lang]")?.lang || navigator.language);
  let shadow = host.shadowRoot;
  try {
    shadow ??= host.attachShadow({ mode: "open" });
  } catch {
    // Some elements cannot have a shadow root.
  }
  return say(shadow, what, language, why);
}

/**
 * When the module stops, fires `odp-error` at `host` and shows a message above its content. Returns a
 * function that ends this.
 */
export function watch(host) {
  const watched = { host };
  if (consoles.size === 0) {
    addEventListener("error", onError);
    addEventListener("unhandledrejection", onRejection);
  }
  consoles.add(watched);
  return () => {
    consoles.delete(watched);
    if (consoles.size === 0) {
      removeEventListener("error", onError);
      removeEventListener("unhandledrejection", onRejection);
    }
  };
}

/** The error that stopped the module; `undefined` while it runs. */
export const stopped = () => fault;

const onError = ({ error }) => see(error);
const onRejection = ({ reason }) => see(reason);

// A bug in the module ends in an uncaught trap, after which the screen is no longer updated. Another module
// of the page can trap as well: the stack names the module.
function see(error) {
  const ours = loadedFrom?.split("/").pop();
  if (fault || !(error instanceof WebAssembly.RuntimeError) || !error.stack?.includes(ours)) return;
  fault = error;
  for (const host of new Set([...consoles].map(({ host }) => host))) {
    const shadow = host.shadowRoot;
    say(shadow, "fault", shadow?.firstElementChild?.lang);
    tell(host, "odp-error", { kind: "fault", what: String(error.message) });
  }
}

/** Changes options. A wrong option changes nothing, and is reported to the host and in the browser's console. */
export function updateOrTell(host, handle, options) {
  try {
    handle.update(options);
  } catch (error) {
    console.error(`odp-console: ${error.message}`);
    tell(host, "odp-error", { kind: "options", what: error.message });
  }
}

/** Fires an event like those of the module: in a microtask, bubbling and composed. */
export function tell(host, name, detail) {
  queueMicrotask(() => {
    host.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  });
}
