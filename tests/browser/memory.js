// Searches all of the module's memory for a word or a list of bytes, and for every piece of `PIECE`
// bytes of it, also reversed. Returns the positions of whole words, and of pieces that belong to
// none of them.
const PIECE = 8;

async function memoryOfModule() {
  const module = await import(document.querySelector("link[rel=modulepreload]").href);
  // The exports of the running instance, which is created once.
  const exports = await module.default();
  return Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
}

async function look(word) {
  const memory = await memoryOfModule();
  const latin = new TextDecoder("latin1");
  const all = latin.decode(memory.buffer);
  const bytes = Array.isArray(word) ? Uint8Array.from(word) : new TextEncoder().encode(word);
  const places = (needle) => {
    const found = [];
    const text = latin.decode(needle);
    for (let at = all.indexOf(text); at >= 0; at = all.indexOf(text, at + 1)) found.push(at);
    return found;
  };
  const whole = places(bytes);
  const pieces = [];
  for (let from = 0; from + PIECE <= bytes.length; from++) {
    const piece = bytes.slice(from, from + PIECE);
    for (const at of places(piece)) {
      const inWhole = whole.some((start) => at === start + from);
      if (!inWhole) pieces.push([at, latin.decode(piece), "forwards"]);
    }
    for (const at of places(piece.reverse())) pieces.push([at, latin.decode(piece), "backwards"]);
  }
  return { size: all.length, whole, pieces };
}

return look(arguments[0]);
