import { Host } from "./host";

export default function Page() {
  return <Host />;
}
