import { OdpConsole } from "odp-console/react";

export default function Page() {
  return <OdpConsole readOnly agents={[{ address: "10.10.10.1:2886" }]} />;
}
