import { destroyOdp } from "odp-console/headless";

/** Destroys the ODP of an agent and writes each state. */
export async function destroyAndWrite(agent, agentPassword, write) {
  for await (const state of destroyOdp({ agent, credentials: { agentPassword } })) {
    if (state.task) write(`${state.task.name}: stage ${state.task.stage}, ${state.task.state}`);
    if (state.ending) write(`The end: ${state.ending.ending.kind}`);
  }
}
