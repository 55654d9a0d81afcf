// Mounts the console into an element of the host: `mount(host, options)`.

import { load as loadModule, sayNotLoaded, sayRefused, stopped, tell, watch } from "./load.js";

export { OdpConsoleElement, define } from "./custom-element.js";

/** The default values, which apply again when an option is removed. */
export const defaults = {
  agents: [],
  typedAddress: true,
  endpoint: "agents/{address}",
  signedPath: "stripped",
  locale: "auto",
  theme: "system",
  zone: "agent",
  readOnly: false,
  notifications: false,
  timeouts: {},
  credentials: null,
  book: null,
};

/** Loads the module before the first console needs it. */
export function load(wasmUrl) {
  return loadModule(wasmUrl).then(() => undefined);
}

/**
 * Mounts a console into the open shadow root of `host`, and loads the module. `update` and `destroy`
 * can be called before the module is loaded.
 */
export function mount(host, { wasmUrl, ...options } = {}) {
  let module;
  let handle;
  let gone = false;
  let given = options;
  let complaint;
  const unwatch = watch(host);
  const loaded = loadModule(wasmUrl);
  loaded.catch(() => {
    if (!gone) complaint = sayNotLoaded(host, given.locale);
  });
  // Uses the current options: after a wrong option, `update` calls this again with corrected ones.
  function begin() {
    complaint?.remove();
    try {
      handle = module.mount(host, given);
    } catch (error) {
      if (!stopped()) complaint = sayRefused(host, given.locale, error.message);
      throw error;
    }
    given = undefined;
  }
  const ready = loaded.then((it) => {
    if (gone) return;
    if (stopped()) throw stopped();
    module = it;
    begin();
  });
  ready.catch((error) => {
    if (!gone) tell(host, "odp-error", { kind: "start", what: String(error?.message ?? error) });
  });
  return {
    ready,
    update({ wasmUrl: _, ...changed }) {
      if (gone) throw new Error("the console was destroyed");
      if (stopped()) throw stopped();
      if (handle) return handle.update(changed);
      given = { ...given, ...changed };
      if (module) begin();
    },
    destroy() {
      if (gone) return;
      gone = true;
      unwatch();
      complaint?.remove();
      // A stopped module cannot be called.
      if (handle && stopped()) host.shadowRoot.replaceChildren();
      else handle?.destroy();
      handle = undefined;
    },
  };
}
