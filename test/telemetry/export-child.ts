// A program that sends the sample events where its environment says, and prints each warning: for tests of how and when it ends.
import { exportEvents } from "../../src/telemetry/export.ts";
import { failure } from "./sample-events.ts";

await exportEvents(failure, { env: process.env, version: "0", warn: (message) => console.log(message) });
