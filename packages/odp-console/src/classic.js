// The micro frontend as a classic script, for hosts that evaluate only classic scripts (qiankun 2). It
// imports the module beside it on the first call.

(() => {
  // A classic script can read its own URL only while it runs.
  const folder = window.__INJECTED_PUBLIC_PATH_BY_QIANKUN__
    ? new URL(window.__INJECTED_PUBLIC_PATH_BY_QIANKUN__, location.href)
    : document.currentScript.src;
  let loading;
  const lifecycle = () => {
    loading ??= import(/* @vite-ignore */ /* webpackIgnore: true */ new URL("./lifecycle.js", folder).href);
    // After a failure the next call tries again.
    loading.catch(() => (loading = undefined));
    return loading;
  };
  const names = ["bootstrap", "mount", "update", "unmount"];
  window.odpConsole = Object.fromEntries(
    names.map((name) => [name, async (props) => (await lifecycle())[name](props)]),
  );
})();
