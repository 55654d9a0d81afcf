// Loads the module that Trunk built, which starts the console, and says so where that fails or where
// the module stops.

// The looks of the page around the console. A constructed style sheet: a further file would be a
// round trip before the first paint.
const style = new CSSStyleSheet();
style.replaceSync(`
  body { margin: 0; }
  odp-console { display: block; --odp-console-min-height: 100vh; }
  .failure { margin: 2rem auto; max-width: 40rem; padding: 0 1.5rem; font: 1rem/1.6 system-ui, sans-serif; }
`);
document.adoptedStyleSheets = [style];

const sentences = {
  en: {
    module: (why) => `The ODP console cannot start: its program could not be loaded as it was built, or not be run (${why}).`,
    fault: (why) => `The ODP console has stopped by a fault of its own (${why}). What stands below is no longer live; a task goes on at the agent all the same. Reload this page to look again.`,
  },
  zh: {
    module: (why) => `ODP 控制台无法启动：其程序未能原样加载，或无法运行（${why}）。`,
    fault: (why) => `ODP 控制台因自身故障已停止运行（${why}）。下方内容不再更新，但 agent 上的任务会继续执行。请重新加载本页面查看。`,
  },
};
const host = document.querySelector("odp-console");

function say(what, error) {
  const chinese = navigator.language.toLowerCase().startsWith("zh");
  const sentence = document.createElement("p");
  sentence.className = "failure";
  sentence.lang = chinese ? "zh-CN" : "en";
  sentence.setAttribute("role", "alert");
  sentence.textContent = sentences[chinese ? "zh" : "en"][what](error?.message ?? error);
  host.before(sentence);
}

// A fault of the module ends in a trap, which nobody catches, and what is on the screen looks alive
// and is not.
const traps = new AbortController();
function see(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  traps.abort();
  say("fault", error);
}

try {
  // Trunk writes both links, with the names and hashes of what it built.
  const [bindings, module] = ["modulepreload", "preload"].map((rel) => document.querySelector(`link[rel=${rel}]`));
  const [{ default: init }, answer] = await Promise.all([
    import(bindings.href),
    fetch(module.href, { integrity: module.integrity }),
  ]);
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  await init({ module_or_path: answer });
  addEventListener("error", ({ error }) => see(error), { signal: traps.signal });
  addEventListener("unhandledrejection", ({ reason }) => see(reason), { signal: traps.signal });
} catch (error) {
  say("module", error);
  host.remove();
}
