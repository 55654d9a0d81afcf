// The server imports every part of the package when it renders the pages.
import { define } from "odp-console/element";
import { destroyOdp } from "odp-console/headless";
import { mount } from "odp-console/lifecycle";

export const metadata = { title: "A host with Next.js", icons: "icon.svg" };

export default function Layout({ children }) {
  const imported = [define, destroyOdp, mount].every((part) => typeof part === "function");
  if (!imported) throw new Error("a part of odp-console is missing on the server");
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
