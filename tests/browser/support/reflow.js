// Looks for content that is lost in a narrow window: a page that scrolls sideways, text that is cut
// off or overlaps other text, controls outside the window.

// Differences of up to this many pixels are rounding.
const ROUNDING = 1.5;

const shown = (element) => `<${element.localName} class="${element.className.baseVal ?? element.className}"> ${JSON.stringify(element.textContent.trim().slice(0, 60))}`;

const parentOf = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host;

// Elements that scroll themselves, and can be scrolled by keyboard: the log.
const scrollsForItself = (element) => element.matches("[role=log]") && element.tabIndex >= 0;

// Content for screen readers only, and content of the pages of tests/hosts.
const isUnseen = (element) => element.matches(".host") || getComputedStyle(element).clipPath === "inset(50%)";

function ancestors(element) {
  const all = [];
  for (let node = element; node; node = parentOf(node)) all.push(node);
  return all;
}

// Every visible piece of text, with its boxes, one per line.
function texts() {
  const all = [];
  const range = document.createRange();
  for (const element of deep(document.body)) {
    if (!isVisible(element) || element.matches("script, style, noscript")) continue;
    const above = ancestors(element);
    if (above.some(isUnseen) || above.some(scrollsForItself)) continue;
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
      range.selectNodeContents(node);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
      if (boxes.length > 0) all.push({ element, above, boxes });
    }
  }
  return all;
}

function look() {
  const lost = [];
  const page = document.scrollingElement;
  const width = page.clientWidth;
  if (page.scrollWidth > width) lost.push(`the page scrolls sideways: ${page.scrollWidth} px in ${width}`);
  const outside = (box) => box.left < -ROUNDING || box.right > width + ROUNDING;

  const pieces = texts();
  for (const { element, above, boxes } of pieces) {
    if (boxes.some(outside)) lost.push(`text outside of the window: ${shown(element)}`);
    for (const around of above) {
      const style = getComputedStyle(around);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const frame = around.getBoundingClientRect();
      const cut = (box) =>
        (style.overflowX !== "visible" && (box.left < frame.left - ROUNDING || box.right > frame.right + ROUNDING)) ||
        (style.overflowY !== "visible" && (box.top < frame.top - ROUNDING || box.bottom > frame.bottom + ROUNDING));
      if (around !== page && around !== document.body && boxes.some(cut)) {
        lost.push(`text cut off by ${shown(around)}: ${shown(element)}`);
      }
    }
  }

  // Lines of different texts that overlap by more than the padding of the letters' boxes.
  const lines = pieces.flatMap(({ element, boxes }) => boxes.map((box) => ({ element, box })));
  lines.sort((one, other) => one.box.top - other.box.top);
  lines.forEach((one, at) => {
    for (const other of lines.slice(at + 1)) {
      if (other.box.top >= one.box.bottom) break;
      const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      const spare = Math.min(one.box.height, other.box.height) * 0.25;
      if (wide > ROUNDING && high > Math.max(spare, ROUNDING)) {
        lost.push(`texts over each other: ${shown(one.element)} and ${shown(other.element)}`);
      }
    }
  });

  for (const control of deep(document.body)) {
    if (!control.matches("button, input, select, summary, a[href], [role=log]") || !isVisible(control)) continue;
    if (control.closest(".host")) continue;
    const box = control.getBoundingClientRect();
    if (outside(box)) lost.push(`a control outside of the window: ${shown(control)}`);
    const room = control.scrollWidth - control.clientWidth;
    if (control.matches("button, summary, a") && room > ROUNDING) {
      lost.push(`a control that is ${room} px too narrow: ${shown(control)}`);
    }
    if (control.matches("select")) {
      const style = getComputedStyle(control);
      const pen = document.createElement("canvas").getContext("2d");
      pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      const text = control.selectedOptions[0]?.textContent ?? "";
      const [first, ...rest] = text.split(" · ");
      const beside = control.getAttribute("aria-describedby")?.split(" ") ?? [];
      const told = beside.some((id) => control.getRootNode().getElementById(id)?.textContent === rest.join(" · "));
      const needed = pen.measureText(told ? first : text).width;
      const inner = control.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      if (needed > inner + ROUNDING) lost.push(`a choice that is cut off: ${shown(control.selectedOptions[0])}`);
    }
  }
  return { lost, texts: pieces.length, width };
}

return look();
