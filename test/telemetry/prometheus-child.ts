// A job that adds the same failure to a file many times: for a test of many jobs at once.
import { writePrometheusFile } from "../../src/telemetry/prometheus-file.ts";
import { failure } from "./sample-events.ts";

const [, , file = "", times = ""] = process.argv;
for (let run = 0; run < Number(times); run += 1) {
  await writePrometheusFile(file, failure, {
    patience: 60_000,
    warn: (message) => {
      console.error(message);
      process.exitCode = 1;
    },
  });
}
