// The micro frontend as a classic script, for hosts that evaluate those alone (qiankun 2): it fetches
// the module beside it when it is first asked for something.

(() => {
  // A classic script does not know where it comes from, unless it looks while it is run.
  const folder = window.__INJECTED_PUBLIC_PATH_BY_QIANKUN__
    ? new URL(window.__INJECTED_PUBLIC_PATH_BY_QIANKUN__, location.href)
    : document.currentScript.src;
  let loading;
  const lifecycle = () => {
    loading ??= import(/* @vite-ignore */ /* webpackIgnore: true */ new URL("./lifecycle.js", folder).href);
    // What failed is tried again.
    loading.catch(() => (loading = undefined));
    return loading;
  };
  const names = ["bootstrap", "mount", "update", "unmount"];
  window.odpConsole = Object.fromEntries(
    names.map((name) => [name, async (props) => (await lifecycle())[name](props)]),
  );
})();
