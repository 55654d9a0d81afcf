import { useEffect, useRef, useState } from "react";
import { Destroy } from "../../../examples/react.jsx";

document.documentElement.lang = "en";

export default function Page() {
  const [agents, setAgents] = useState();
  const field = useRef();
  useEffect(() => {
    fetch("config.json")
      .then((answer) => answer.json())
      .then((config) => setAgents(config.agents));
  }, []);
  return (
    <>
      <header className="host">
        <h1>A page of somebody else's</h1>
        <label htmlFor="host-password">Host's password</label>
        <input id="host-password" type="password" autoComplete="off" ref={field} />
      </header>
      <main>
        {agents && <Destroy agents={agents} askForPassword={async () => field.current.value} />}
      </main>
    </>
  );
}
