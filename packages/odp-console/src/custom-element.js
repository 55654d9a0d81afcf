// <odp-console>: simple options are also attributes; all options are properties.

import { defaults, mount } from "./index.js";
import { updateOrTell } from "./load.js";

const flag = (text) => (text === null ? undefined : text !== "false");
/** The option of each attribute, and the function that parses its value. */
const attributes = {
  endpoint: ["endpoint", String],
  "signed-path": ["signedPath", String],
  locale: ["locale", String],
  theme: ["theme", String],
  zone: ["zone", String],
  "read-only": ["readOnly", flag],
  notifications: ["notifications", flag],
  "typed-address": ["typedAddress", flag],
  agent: ["agent", String],
  task: ["task", String],
  "wasm-url": ["wasmUrl", String],
};
const properties = ["agents", "credentials", "book", "timeouts", "node", "subTask"];
// A server has no HTMLElement, but must be able to import this module.
const Base = globalThis.HTMLElement ?? class {};

export class OdpConsoleElement extends Base {
  static observedAttributes = Object.keys(attributes);

  #set = {};
  #handle;
  #queued = false;
  #sent = {};

  connectedCallback() {
    // Properties set before the element was defined hide the accessors.
    for (const name of [...properties, ...Object.values(attributes).map(([option]) => option)]) {
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
    this.#later();
  }

  disconnectedCallback() {
    this.#later();
  }

  // A style sheet belongs to one document: the console creates a new one.
  adoptedCallback() {
    if (this.#handle) updateOrTell(this, this.#handle, {});
  }

  attributeChangedCallback() {
    this.#later();
  }

  /** The handle while the element is in a document: `update`, `destroy`, `ready`. */
  get handle() {
    return this.#handle;
  }

  // Applies simultaneous changes once, so that an element that is only moved keeps its console.
  #later() {
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      this.#apply();
    });
  }

  #apply() {
    if (!this.isConnected) {
      this.#handle?.destroy();
      this.#handle = undefined;
      this.#sent = {};
      return;
    }
    const wanted = this.#options();
    const changed = {};
    for (const name of new Set([...Object.keys(this.#sent), ...Object.keys(wanted)])) {
      if (wanted[name] !== this.#sent[name]) changed[name] = wanted[name] ?? defaults[name];
    }
    this.#sent = wanted;
    if (!this.#handle) {
      this.#handle = mount(this, wanted);
    } else if (Object.keys(changed).length > 0) {
      updateOrTell(this, this.#handle, changed);
    }
  }

  #options() {
    const options = { ...this.#set };
    for (const [attribute, [option, read]] of Object.entries(attributes)) {
      const value = this.getAttribute(attribute);
      if (value !== null && options[option] === undefined) options[option] = read(value);
    }
    const { agent, endpoint } = options;
    // Without {address}, it is the endpoint of this agent only.
    if (endpoint !== undefined && !endpoint.includes("{address}") && agent && !options.agents) {
      delete options.endpoint;
      options.agents = this.#only(agent, endpoint);
      options.typedAddress ??= false;
    }
    for (const name of Object.keys(options)) if (options[name] === undefined) delete options[name];
    return options;
  }

  #one;
  /** Returns the same list object for the same agent, so that it counts as unchanged. */
  #only(address, endpoint) {
    if (this.#one?.[0].address !== address || this.#one[0].endpoint !== endpoint) {
      this.#one = [{ address, endpoint }];
    }
    return this.#one;
  }

  static {
    for (const option of [...properties, ...Object.values(attributes).map(([option]) => option)]) {
      Object.defineProperty(this.prototype, option, {
        configurable: true,
        enumerable: true,
        get() {
          return this.#set[option];
        },
        set(value) {
          this.#set[option] = value ?? undefined;
          this.#later();
        },
      });
    }
  }
}

/** Registers the element as `<odp-console>` or under another name. A second call changes nothing. */
export function define(name = "odp-console") {
  if (!globalThis.customElements || customElements.get(name)) return;
  // A class can be registered under one name only.
  customElements.define(name, class extends OdpConsoleElement {});
}
