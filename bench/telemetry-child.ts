// What bench/telemetry.ts measures: a program that does nothing but send the events of a go command. Usage: … MODULES
import type { AuditEvent } from "../src/audit/event.ts";
import { exportEvents } from "../src/telemetry/export.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const command = "00f067aa0ba902b7";
const head = { schemaVersion: 1, traceId, time: new Date().toISOString() } as const;
const modules = Array.from({ length: Number(process.argv[2]) }, (_, index): AuditEvent => {
  const spanId = (index + 1).toString(16).padStart(16, "0");
  const module = `example.com/module${index}`;
  const fetched = {
    what: "zip",
    hit: false,
    source: "https://proxy.example.org",
    duration: 12,
    bytes: 30_000,
  } as const;
  return { ...head, event: "module-accessed", spanId, parentSpanId: command, module, version: "v1.0.0", ...fetched };
});
await exportEvents(
  [
    {
      ...head,
      ...{
        event: "command-started",
        spanId: command,
        argv: ["go", "build", "./..."],
        cwd: "/",
        pid: 1,
        cicd: {},
        attempt: 1,
      },
      user: { uid: 0, gid: 0 },
    },
    ...modules,
    { ...head, event: "command-ended", spanId: command, attempt: 1, exitCode: 0, duration: 2000, causes: [] },
  ],
  { env: process.env, version: "0", warn: (message) => process.stderr.write(`${message}\n`) },
);
