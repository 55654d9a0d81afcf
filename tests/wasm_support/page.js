// The page around the tests: a network that responds on demand, and a count of what remains.

const real = {
  fetch: globalThis.fetch,
  setTimeout: globalThis.setTimeout.bind(globalThis),
  clearTimeout: globalThis.clearTimeout.bind(globalThis),
  setInterval: globalThis.setInterval.bind(globalThis),
  clearInterval: globalThis.clearInterval.bind(globalThis),
  add: EventTarget.prototype.addEventListener,
  remove: EventTarget.prototype.removeEventListener,
};

let calls = [];

/** Replaces the network: every request waits for `answer`, `fail` or `redirect`. */
export function holdNetwork() {
  calls = [];
  globalThis.fetch = (request) => {
    const call = { request, aborted: false, reason: undefined };
    const promise = new Promise((resolve, reject) => Object.assign(call, { resolve, reject }));
    request.signal.onabort = () => {
      call.aborted = true;
      call.reason = request.signal.reason;
      call.reject(request.signal.reason);
    };
    calls.push(call);
    return promise;
  };
}

/** Replaces `fetch` by one that throws `"thrown"`, like a faulty page. */
export function throwingNetwork() {
  globalThis.fetch = () => {
    throw "thrown";
  };
}

export function freeNetwork() {
  globalThis.fetch = real.fetch;
}

export const callCount = () => calls.length;
export const method = (n) => calls[n].request.method;
export const url = (n) => calls[n].request.url;
export const header = (n, name) => calls[n].request.headers.get(name) ?? undefined;
export const headerNames = (n) => [...calls[n].request.headers.keys()].join(" ");
export const bodyOf = (n) => calls[n].request.clone().text();
export const isAborted = (n) => calls[n].aborted;
export const abortReason = (n) => `${calls[n].reason?.name}`;
export const manners = (n) => {
  const { cache, credentials, redirect, referrerPolicy, keepalive } = calls[n].request;
  return [cache, credentials, redirect, referrerPolicy, keepalive].join(" ");
};

const bodyless = (status) => status === 204 || status === 304;

export function answer(n, status, body) {
  calls[n].resolve(new Response(bodyless(status) ? null : body, { status }));
}

export function fail(n, reason) {
  calls[n].reject(reason);
}

/** Responds like a browser that must not follow a redirect. */
export function redirect(n) {
  const response = Response.error();
  Object.defineProperty(response, "type", { value: "opaqueredirect" });
  calls[n].resolve(response);
}

/** Responds with an endless body, and counts the bytes that are read. */
export function answerEndlessly(n, chunkBytes) {
  const flow = { taken: 0, cancelled: false };
  const chunk = new Uint8Array(chunkBytes);
  const body = new ReadableStream({
    pull(controller) {
      flow.taken += 1;
      controller.enqueue(chunk);
    },
    cancel() {
      flow.cancelled = true;
    },
  });
  calls[n].resolve(new Response(body, { status: 200 }));
  return flow;
}

/** Responds with a status; the body never arrives. */
export function answerWithoutBody(n) {
  calls[n].resolve(new Response(new ReadableStream(), { status: 200 }));
}

/** Responds with the beginning of a body, then aborts. */
export function answerBrokenOff(n, status, beginning) {
  let told = false;
  const body = new ReadableStream({
    pull(controller) {
      if (told) return controller.error(new TypeError("network error"));
      told = true;
      controller.enqueue(new TextEncoder().encode(beginning));
    },
  });
  calls[n].resolve(new Response(body, { status }));
}

const timers = new Set();
const listeners = [];
const unhandled = [];

/**
 * Counts timers, intervals and listeners on the document and the window from now on. A timer
 * without delay does not count: Yew's scheduler uses it to yield.
 */
export function startCounting() {
  timers.clear();
  listeners.length = 0;
  unhandled.length = 0;
  globalThis.setTimeout = (work, millis, ...rest) => {
    const id = real.setTimeout(() => {
      timers.delete(id);
      work(...rest);
    }, millis);
    if (millis > 0) timers.add(id);
    return id;
  };
  globalThis.clearTimeout = (id) => {
    timers.delete(id);
    real.clearTimeout(id);
  };
  globalThis.setInterval = (work, millis, ...rest) => {
    const id = real.setInterval(work, millis, ...rest);
    timers.add(id);
    return id;
  };
  globalThis.clearInterval = (id) => {
    timers.delete(id);
    real.clearInterval(id);
  };
  const global = (target) => target === document || target === globalThis;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    if (global(this ?? globalThis)) listeners.push({ target: this, type, listener });
    return real.add.call(this, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    const index = listeners.findIndex(
      (one) => one.target === this && one.type === type && one.listener === listener,
    );
    if (index >= 0) listeners.splice(index, 1);
    return real.remove.call(this, type, listener, options);
  };
  real.add.call(globalThis, "unhandledrejection", noteUnhandled);
}

const noteUnhandled = (event) => unhandled.push(String(event.reason));

export const timerCount = () => timers.size;
export const listenerTypes = () => listeners.map((one) => one.type).sort().join(" ");
export const unhandledRejections = () => unhandled.join(" ");

export function stopCounting() {
  Object.assign(globalThis, {
    setTimeout: real.setTimeout,
    clearTimeout: real.clearTimeout,
    setInterval: real.setInterval,
    clearInterval: real.clearInterval,
  });
  EventTarget.prototype.addEventListener = real.add;
  EventTarget.prototype.removeEventListener = real.remove;
  real.remove.call(globalThis, "unhandledrejection", noteUnhandled);
}

/** Runs everything that is ready: promises, the scheduler, and their consequences. */
export function turn() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Wraps every text below a node, like a page's translator; returns the number. */
export function wrapTexts(node) {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    const font = document.createElement("font");
    font.textContent = text.data;
    text.replaceWith(font);
  }
  return texts.length;
}

/** Repeats this after every change; returns a function that ends it and returns the number of repetitions. */
export function wrapForEver(node) {
  let times = 0;
  const observer = new MutationObserver(() => {
    times += 1;
    wrapTexts(node);
    observer.takeRecords();
  });
  observer.observe(node, { childList: true, subtree: true });
  return () => {
    observer.disconnect();
    return times;
  };
}

/** Adds an empty frame to the page: another document with its own window. */
export function frame() {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  return frame;
}

export const documentOf = (frame) => frame.contentDocument;

/** Hides the page from the console, or shows it again. */
export function setHidden(hidden) {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}

/** The events of a browser that freezes the page, and that restores it. */
export const leave = () => persisted("pagehide");
export const comeBack = () => persisted("pageshow");
const persisted = (name) =>
  globalThis.dispatchEvent(new PageTransitionEvent(name, { persisted: true }));

/** The event of a page that was just loaded. */
export const show = () => globalThis.dispatchEvent(new PageTransitionEvent("pageshow"));

/** Returns everything in which a careless program might leave a password. */
export function everythingKept() {
  return [
    document.documentElement.outerHTML,
    location.href,
    JSON.stringify(localStorage),
    JSON.stringify(sessionStorage),
    document.cookie,
  ].join("\n");
}
