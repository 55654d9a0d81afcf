import { showConsole } from "../examples/qiankun.js";
import { start } from "./micro.js";

start(showConsole);
