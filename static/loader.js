// Loads the module that Trunk built, which starts the console. Shows a notice if loading fails or if
// the module stops.

// The style of the page around the console. It is a constructed style sheet, because another file
// would cost a round trip before the first paint.
const style = new CSSStyleSheet();
style.replaceSync(`
  body { margin: 0; }
  odp-console { display: block; --odp-console-min-height: 100vh; }
  .failure { margin: 2rem auto; max-width: 40rem; padding: 0 1.5rem; font: 1rem/1.6 system-ui, sans-serif; }
`);
document.adoptedStyleSheets = [style];

const sentences = {
  en: {
    module: (why) => `The ODP console cannot start: its files could not be loaded or do not match the build (${why}).`,
    fault: (why) => `The ODP console stopped because of an internal error (${why}). The content below is no longer updated. A running task continues on the agent. Reload this page.`,
  },
  zh: {
    module: (why) => `ODP 控制台无法启动：程序文件未完整加载，或与构建版本不一致（${why}）。`,
    fault: (why) => `ODP 控制台因内部错误停止运行（${why}）。下方内容不再更新，Agent 上的任务会继续执行。请刷新页面。`,
  },
};
const host = document.querySelector("odp-console");
// Removes the user name and password from a URL: `fetch` rejects URLs that contain them.
const withoutCredentials = (text) => String(text).replace(/\/\/[^/@\s]+@/g, "//");

function say(what, error) {
  const chinese = navigator.language.toLowerCase().startsWith("zh");
  const sentence = document.createElement("p");
  sentence.className = "failure";
  sentence.lang = chinese ? "zh-CN" : "en";
  sentence.setAttribute("role", "alert");
  sentence.textContent = sentences[chinese ? "zh" : "en"][what](withoutCredentials(error?.message ?? error));
  host.before(sentence);
}

// A panic of the module ends in a WebAssembly trap that no code catches. The screen then looks alive
// but is no longer updated.
const traps = new AbortController();
function see(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  traps.abort();
  say("fault", error);
}

try {
  // Trunk writes both links, with the names and hashes of the files that it built.
  const [bindings, module] = ["modulepreload", "preload"].map((rel) => document.querySelector(`link[rel=${rel}]`));
  const [{ default: init }, answer] = await Promise.all([
    import(bindings.href),
    fetch(withoutCredentials(module.href), { integrity: module.integrity }),
  ]);
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  await init({ module_or_path: answer });
  addEventListener("error", ({ error }) => see(error), { signal: traps.signal });
  addEventListener("unhandledrejection", ({ reason }) => see(reason), { signal: traps.signal });
} catch (error) {
  say("module", error);
  host.remove();
}
