// Starts the console on its own page: reads config.json, loads the WebAssembly module, mounts it.
// What cannot start says so in one sentence, in the reader's language, in place of the console; so
// does what stops by a fault of its own, above what it showed last.

const host = document.querySelector("odp-console");

// The console's own looks live in its shadow root; this is the page around it. A constructed
// style sheet, because every further file would be a round trip before the first paint.
const style = new CSSStyleSheet();
style.replaceSync(`
  body { margin: 0; }
  odp-console { display: block; min-height: 100vh; }
  .failure { margin: 2rem auto; max-width: 40rem; padding: 0 1.5rem; font: 1rem/1.6 system-ui, sans-serif; }
`);
document.adoptedStyleSheets = [style];

const sentences = {
  en: {
    config: (why) => `The ODP console cannot start: config.json beside this page could not be read (${why}).`,
    module: (why) => `The ODP console cannot start: its program could not be loaded or run (${why}).`,
    fault: (why) => `The ODP console has stopped by a fault of its own (${why}). What stands below is no longer live; a task goes on at the agent all the same. Reload this page to look again.`,
  },
  zh: {
    config: (why) => `ODP 控制台无法启动：无法读取本页面旁的 config.json（${why}）。`,
    module: (why) => `ODP 控制台无法启动：其程序无法加载或运行（${why}）。`,
    fault: (why) => `ODP 控制台因自身故障已停止运行（${why}）。下方内容不再更新，但 agent 上的任务会继续执行。请重新加载本页面查看。`,
  },
};

async function readConfig() {
  const answer = await fetch("config.json", { cache: "no-cache" });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

async function loadModule() {
  // Their names carry a hash of their content: the build writes them into these two links.
  const bindings = document.querySelector("link[rel=modulepreload]").href;
  const wasm = document.querySelector("link[rel=preload][as=fetch]").href;
  const [module, answer] = await Promise.all([import(bindings), fetch(wasm)]);
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  await module.default({ module_or_path: answer });
  return module;
}

function say(what, error) {
  const chinese = navigator.language.toLowerCase().startsWith("zh");
  const sentence = document.createElement("p");
  sentence.className = "failure";
  sentence.lang = chinese ? "zh-CN" : "en";
  sentence.setAttribute("role", "alert");
  sentence.textContent = sentences[chinese ? "zh" : "en"][what](error?.message ?? error);
  host.before(sentence);
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
    const module = await loading;
    watch();
    module.mount(host, options);
  } catch (error) {
    say(failing, error);
    host.remove();
  }
}

start();
