"use client";
// The console as a React component, for React 17 to 19. The line above marks it as a client component for
// React Server Components (Next.js).

import { createElement, forwardRef, useEffect, useImperativeHandle, useRef } from "react";

import { defaults, mount } from "./index.js";
import { updateOrTell } from "./load.js";

const events = {
  onOdpAuthRequired: "odp-auth-required",
  onOdpSubmitted: "odp-submitted",
  onOdpProgress: "odp-progress",
  onOdpFinished: "odp-finished",
  onOdpRunProgress: "odp-run-progress",
  onOdpRunFinished: "odp-run-finished",
  onOdpError: "odp-error",
  onOdpPlace: "odp-place",
};

/** Props that are not options of the console. */
const own = ["className", "style", "id"];

function optionsOf(props) {
  const options = {};
  for (const name of Object.keys(props)) {
    if (!(name in events) && !own.includes(name) && props[name] !== undefined) {
      options[name] = props[name];
    }
  }
  return options;
}

// Replaces functions by stable ones that call the latest prop.
function given(options, latest) {
  const asked = { ...options };
  if (typeof options.credentials === "function") {
    asked.credentials = (request) => latest.current.credentials?.(request) ?? null;
  }
  if (options.book) {
    asked.book = {
      load: () => latest.current.book.load(),
      save: (text) => latest.current.book.save(text),
    };
  }
  return asked;
}

// A literal list is a new object in every render; equal content counts as unchanged.
const same = (a, b) => a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));

export const OdpConsole = forwardRef(function OdpConsole(props, ref) {
  const host = useRef(null);
  const handle = useRef(null);
  const latest = useRef(props);
  const sent = useRef({});
  latest.current = props;

  useEffect(() => {
    const element = host.current;
    sent.current = optionsOf(latest.current);
    handle.current = mount(element, given(sent.current, latest));
    const listening = Object.entries(events).map(([prop, name]) => {
      const listener = (event) => latest.current[prop]?.(event);
      element.addEventListener(name, listener);
      return () => element.removeEventListener(name, listener);
    });
    return () => {
      for (const stop of listening) stop();
      handle.current.destroy();
      handle.current = null;
    };
  }, []);

  useEffect(() => {
    const options = optionsOf(props);
    const changed = {};
    for (const name of Object.keys({ ...sent.current, ...options })) {
      const before = sent.current[name];
      const both = typeof before === "function" && typeof options[name] === "function";
      if (!both && !same(before, options[name])) changed[name] = options[name] ?? defaults[name];
    }
    sent.current = options;
    if (handle.current && Object.keys(changed).length > 0) {
      updateOrTell(host.current, handle.current, given(changed, latest));
    }
  });

  useImperativeHandle(ref, () => ({
    get element() {
      return host.current;
    },
    get ready() {
      return handle.current?.ready;
    },
    update: (options) => handle.current?.update(options),
  }));

  const { className, style, id } = props;
  return createElement("div", { ref: host, className, style, id });
});
