// One page for every version of React, which differ only in how they start it.

import { StrictMode, useState } from "react";
import { Destroy } from "../examples/react.jsx";

function Page({ agents }) {
  const [shown, setShown] = useState(true);
  return (
    <StrictMode>
      <header className="host">
        <h1>A page of somebody else's</h1>
        <label htmlFor="host-password">Host's password</label>
        <input id="host-password" type="password" autoComplete="off" />
        <button onClick={() => setShown(!shown)}>{shown ? "Take away" : "Put back"}</button>
      </header>
      <main>
        {shown && (
          <Destroy
            agents={agents}
            askForPassword={async () => document.getElementById("host-password").value}
          />
        )}
      </main>
    </StrictMode>
  );
}

/** Starts the page with a function that renders an element. */
export async function start(draw) {
  const { agents } = await (await fetch("config.json")).json();
  draw(<Page agents={agents} />, document.getElementById("app"));
}
