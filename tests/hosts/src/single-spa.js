import { showConsole } from "../examples/single-spa.js";
import { start } from "./micro.js";

start(showConsole);
