// The command table, continued: what runs in a cluster.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Context } from "../context.ts";
import { severities } from "../finding/finding.ts";

const collect = (value: string, all: string[]): string[] => [...all, value];

export function addWebhook(command: Command, finish: (status: number) => void, context: Context): void {
  command
    .exitOverride()
    .summary("a Kubernetes admission webhook: gives pods a cache, and judges them")
    .description(
      "Answers AdmissionReviews over TLS. Pods that ask for it get a cache volume, GOMODCACHE and GOCACHE; pods and what makes pods are judged by lint's rules for manifests. It runs until SIGTERM.",
    )
    .requiredOption("--tls-cert <file>", "the server's certificate, in PEM; read again when it changes")
    .requiredOption("--tls-key <file>", "its key, in PEM")
    .option("--client-ca <file>", "ask clients for a certificate of this authority, in PEM")
    .option("--address <address>", "listen on this address only")
    .option("--port <number>", "for reviews, by HTTPS; 0 is any that is free", parsePort, 8443)
    .option("--metrics-port <number>", "for /healthz, /readyz and /metrics, by HTTP", parsePort, 9090)
    .addOption(
      new Option("--mode <mode>", "what findings do, where the path does not say")
        .choices(["warn", "enforce"])
        .default("warn"),
    )
    .addOption(
      new Option("--fail-on <severity>", "in the mode enforce, deny from this severity on")
        .choices([...severities])
        .default("error"),
    )
    .option(
      "--exclude-namespace <name>",
      "do nothing in this namespace, besides kube-system; may be repeated",
      collect,
      [],
    )
    .option("--init-image <image>", "an image with gomodcache, for the step of the variant init (default: a shell)")
    .option(
      "--shutdown-delay <seconds>",
      "answer for so long after SIGTERM, until no Service sends any",
      parseSeconds,
      5,
    )
    .addHelpText(
      "after",
      `
Examples:
  gomodcache webhook --tls-cert tls.crt --tls-key tls.key
  gomodcache webhook --tls-cert tls.crt --tls-key tls.key --mode enforce \\
    --fail-on warning --exclude-namespace gomodcache-system
  kubectl apply -k packaging/kubernetes/cert-manager

What pods ask with, and the manifests: docs/webhook.md`,
    )
    .action(async (options) => {
      const { webhook } = await import("./webhook.ts");
      finish(await webhook(options, context));
    });
}

function parsePort(value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535)
    throw new InvalidArgumentError("give a port, from 0 to 65535");
  return Number(value);
}

function parseSeconds(value: string): number {
  if (!/^\d{1,3}(\.\d+)?$/.test(value)) throw new InvalidArgumentError("give seconds, such as 5");
  return Number(value);
}
