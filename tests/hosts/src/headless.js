import { destroyFleet } from "odp-console/headless";

import { destroyAndWrite } from "../examples/headless.js";

const { agents } = await (await fetch("config.json")).json();
const list = document.querySelector("ol");

function write(line) {
  if (list.lastChild?.textContent === line) return;
  const item = document.createElement("li");
  item.textContent = line;
  list.append(item);
}

document.querySelector("button").addEventListener("click", async () => {
  const field = document.querySelector("#password");
  try {
    await destroyAndWrite(agents[0].address, field.value, write);
  } catch (error) {
    write(`${error.name} ${error.code}: ${error.message}`);
  }
});

// A run over several agents, started by the test.
globalThis.destroyFleet = destroyFleet;
