import { render } from "react-dom";
import { start } from "./react.jsx";

start(render);
