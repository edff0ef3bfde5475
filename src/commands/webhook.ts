// `webhook`: the admission webhook, until SIGTERM.
import { resolve } from "node:path";
import { ownNamespaces } from "../admission/admit.ts";
import type { Mode } from "../admission/route.ts";
import { startWebhook } from "../cluster/webhook.ts";
import type { Context } from "../context.ts";
import { type ExitStatus, exitStatus } from "../error.ts";
import type { Severity } from "../finding/finding.ts";
import { printable } from "../report/safe.ts";

interface Options {
  readonly tlsCert: string;
  readonly tlsKey: string;
  readonly clientCa?: string;
  readonly address?: string;
  readonly port: number;
  readonly metricsPort: number;
  readonly mode: Mode;
  readonly failOn: Severity;
  readonly excludeNamespace: readonly string[];
  readonly initImage?: string;
  /** Seconds. */
  readonly shutdownDelay: number;
}

/** @throws {UserError} if it cannot start */
export async function webhook(options: Options, context: Context): Promise<ExitStatus> {
  const { cwd, env, version, stderr } = context;
  const { address, port, metricsPort, mode, failOn, initImage } = options;
  const log = (line: string): void => {
    stderr.write(`gomodcache: ${printable(line)}\n`);
  };
  const ended = untilTerminated();
  const running = await startWebhook({
    files: {
      certificate: resolve(cwd, options.tlsCert),
      key: resolve(cwd, options.tlsKey),
      ...(options.clientCa === undefined ? {} : { clientAuthority: resolve(cwd, options.clientCa) }),
    },
    ...(address === undefined ? {} : { address }),
    port,
    metricsPort,
    admission: {
      mode,
      failOn,
      excluded: new Set([...ownNamespaces, ...options.excludeNamespace]),
      ...(initImage === undefined ? {} : { initImage }),
    },
    shutdownDelay: options.shutdownDelay * 1000,
    version,
    env,
    log,
  });
  log(`reviews are answered on port ${running.port}; health and metrics are on port ${running.metricsPort}`);
  await ended;
  log("ending: no more reviews should come");
  await running.end();
  return exitStatus.ok;
}

/** The kubelet sends SIGTERM, and SIGKILL after terminationGracePeriodSeconds. A second one ends at once. */
function untilTerminated(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGTERM", () => {
      process.once("SIGTERM", () => process.exit(exitStatus.ok));
      resolve();
    });
  });
}
