// Starts the console on its own page: reads config.json, loads the WebAssembly module, mounts it.
// What cannot start says so in one sentence, in the reader's language, in place of the console.

const host = document.querySelector("odp-console");

// The console's own looks live in its shadow root; this is the page around it. A constructed
// style sheet, because every further file would be a round trip before the first paint.
const style = new CSSStyleSheet();
style.replaceSync(`
  body { margin: 0; }
  odp-console { display: block; min-height: 100vh; }
  .failure { margin: 15vh auto; max-width: 40rem; padding: 0 1.5rem; font: 1rem/1.6 system-ui, sans-serif; }
`);
document.adoptedStyleSheets = [style];

const sentences = {
  en: {
    config: (why) => `The ODP console cannot start: config.json beside this page could not be read (${why}).`,
    module: (why) => `The ODP console cannot start: its program could not be loaded or run (${why}).`,
  },
  zh: {
    config: (why) => `ODP 控制台无法启动：无法读取本页面旁的 config.json（${why}）。`,
    module: (why) => `ODP 控制台无法启动：其程序无法加载或运行（${why}）。`,
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

async function start() {
  let failing = "config";
  try {
    // Both at once: neither waits for the other.
    const loading = loadModule();
    loading.catch(() => {}); // Looked at below, after the config.
    const options = await readConfig();
    failing = "module";
    (await loading).mount(host, options);
  } catch (error) {
    const chinese = navigator.language.toLowerCase().startsWith("zh");
    const sentence = document.createElement("p");
    sentence.className = "failure";
    sentence.lang = chinese ? "zh-CN" : "en";
    sentence.setAttribute("role", "alert");
    sentence.textContent = sentences[chinese ? "zh" : "en"][failing](error?.message ?? error);
    host.replaceWith(sentence);
  }
}

start();
