// What the module exports, in builds that Trunk makes alone. The build that ships has the module's
// own bindings under this name, and makes one script of them and boot.js.

// Their name carries a hash of their content: Trunk writes it into this link.
const bindings = await import(document.querySelector("link[rel=modulepreload]").href);

export default bindings.default;
export const { mount } = bindings;
