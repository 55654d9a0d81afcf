// Not run: the compiler checks the package's types against this use.

import { useRef } from "react";
import { define, load, mount, OdpConsoleElement } from "odp-console";
import type { ConsoleHandle, Credentials, Evidence, Task } from "odp-console";
import "odp-console/element";
import { OdpConsole, type OdpConsoleRef } from "odp-console/react";
import * as lifecycle from "odp-console/lifecycle";
import { connect, destroyOdp, followTask, OdpError, preflight } from "odp-console/headless";

const credentials: Credentials = async ({ agent, reason }) => {
  const again: boolean = reason === "refused";
  return again ? null : { agentPassword: `the password of ${agent}` };
};

export async function module(host: HTMLElement): Promise<void> {
  await load(new URL("https://cdn.example/console.wasm"));
  const handle: ConsoleHandle = mount(host, {
    agents: [{ address: "10.10.10.1:2886", label: "east" }],
    credentials,
    timeouts: { destroy: 120_000 },
    wasmUrl: "/console.wasm",
  });
  handle.update({ readOnly: true, credentials: null });
  await handle.ready;
  handle.destroy();
  // @ts-expect-error: there is no such locale.
  handle.update({ locale: "fr" });
  // @ts-expect-error: a password is not an option.
  mount(host, { agentPassword: "no" });
}

export function element(): void {
  define("our-odp");
  const element = document.createElement("odp-console");
  element.agents = [{ address: "10.10.10.1:2886" }];
  element.readOnly = true;
  element.addEventListener("odp-progress", ({ detail }) => {
    const task: Task = detail.task;
    const id: string = task.stages[0]?.sub_tasks[0]?.id ?? task.id;
    console.debug(id, detail.agent);
  });
  element.addEventListener("click", (event) => console.debug(event.clientX));
  const same: OdpConsoleElement = element;
  same.handle?.update({ theme: "dark" });
  // @ts-expect-error: there is no such theme.
  element.theme = "blue";
}

export function Component(): JSX.Element {
  const ref = useRef<OdpConsoleRef>(null);
  const finished = (evidence: Evidence) => evidence.ending.kind === "destroyed";
  return (
    <OdpConsole
      ref={ref}
      className="here"
      agent="10.10.10.1:2886"
      credentials={credentials}
      onOdpFinished={({ detail }) => finished(detail)}
      onOdpAuthRequired={({ detail }) => ref.current?.update({ credentials: null, agent: detail.agent })}
    />
  );
}

export async function microFrontend(container: HTMLElement): Promise<void> {
  await lifecycle.bootstrap();
  const on = { "odp-submitted": ({ detail }: CustomEvent<{ agent: string }>) => console.debug(detail) };
  await lifecycle.mount({ container, odpConsole: { theme: "dark" }, on });
  await lifecycle.update({ container, odpConsole: { theme: "light" } });
  await lifecycle.unmount({ container });
}

export async function headless(signal: AbortSignal): Promise<string | undefined> {
  const options = { agent: "10.10.10.1:2886", endpoint: "/agents/{address}", credentials, signal };
  const { version } = await connect(options);
  const { checks } = await preflight(options);
  if (checks?.some(({ verdict }) => verdict === "fail")) return version;
  try {
    for await (const { ending, task } of destroyOdp(options)) {
      if (ending) return ending.next.join(" ");
      if (task) console.debug(task.stage, task.max_stage);
    }
    for await (const state of followTask({ ...options, task: "42130706433028861" })) {
      console.debug(state.contact);
    }
  } catch (error) {
    if (error instanceof OdpError) return error.code;
    throw error;
  }
  // @ts-expect-error: credentials are required.
  await connect({ agent: "10.10.10.1:2886" });
  return undefined;
}
