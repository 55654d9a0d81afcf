import { createRoot } from "react-dom/client";
import { start } from "./react.jsx";

start((element, into) => createRoot(into).render(element));
