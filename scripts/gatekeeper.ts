// Writes policy/gatekeeper: a ConstraintTemplate and its Constraints for each rule of policy/rego, made of the rules themselves.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";

const rego = fileURLToPath(new URL("../policy/rego/", import.meta.url));
const out = fileURLToPath(new URL("../policy/gatekeeper/", import.meta.url));

const packageOf = (text: string): string => /^package (\S+)$/m.exec(text)?.[1] ?? "";
const importsOf = (text: string): string[] =>
  [...text.matchAll(/^import data\.(\S+)$/gm)].map((one) => one[1] as string);

/** The texts of the library that a rule needs, also by way of others, and its own last. */
function closure(rule: string, library: ReadonlyMap<string, string>): string[] {
  const needed = new Set<string>();
  const visit = (text: string): void => {
    for (const name of importsOf(text)) {
      const found = library.get(name);
      if (found === undefined) throw new Error(`there is no package ${name}`);
      if (needed.has(name)) continue;
      needed.add(name);
      visit(found);
    }
  };
  visit(rule);
  return [...[...needed].sort().map((name) => library.get(name) as string), rule];
}

const kindOf = (id: string): string =>
  `Gomodcache${id.replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase())}`;

function template(id: string, text: string, library: ReadonlyMap<string, string>): object {
  const kind = kindOf(id);
  const about = /^# (.*)$/m.exec(text)?.[1] ?? "";
  const entry = [
    `package ${kind.toLowerCase()}`,
    "",
    `import data.${packageOf(text)} as rule`,
    "",
    'violation contains {"msg": message, "details": {"severity": finding.severity}} if {',
    "\tsome finding in rule.findings",
    "\tfinding.severity in input.parameters.severities",
    '\tmessage := sprintf("%s: %s", [finding.rule, finding.message])',
    "}",
    "",
  ].join("\n");
  const severities = { type: "array", items: { type: "string", enum: ["error", "warning", "advice"] } };
  return {
    apiVersion: "templates.gatekeeper.sh/v1",
    kind: "ConstraintTemplate",
    metadata: { name: kind.toLowerCase(), annotations: { description: about } },
    spec: {
      crd: {
        spec: {
          names: { kind },
          validation: { openAPIV3Schema: { type: "object", properties: { severities } } },
        },
      },
      targets: [
        {
          target: "admission.k8s.gatekeeper.sh",
          code: [{ engine: "Rego", source: { version: "v1", rego: entry, libs: closure(text, library) } }],
        },
      ],
    },
  };
}

/** Errors are denied; of the rest whoever applies the object is warned. */
function constraint(id: string, severity: string, only: boolean): object {
  return {
    apiVersion: "constraints.gatekeeper.sh/v1beta1",
    kind: kindOf(id),
    metadata: { name: only ? id : `${id}-${severity}` },
    spec: {
      enforcementAction: severity === "error" ? "deny" : "warn",
      match: {
        excludedNamespaces: ["kube-system", "gatekeeper-system"],
        kinds: [
          { apiGroups: [""], kinds: ["Pod", "PodTemplate", "ReplicationController"] },
          { apiGroups: ["apps"], kinds: ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"] },
          { apiGroups: ["batch"], kinds: ["CronJob", "Job"] },
        ],
      },
      parameters: { severities: [severity] },
    },
  };
}

const written = (...documents: object[]): string =>
  `# Written by scripts/gatekeeper.ts. Change the rule in policy/rego instead.\n${documents
    .map((one) => stringify(one, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join("---\n")}`;

/** Every file below policy/gatekeeper, by its path. */
export function gatekeeperFiles(): Map<string, string> {
  const read = (folder: string): [string, string][] =>
    readdirSync(join(rego, folder)).map((name) => [
      name.replace(/\.rego$/, ""),
      readFileSync(join(rego, folder, name), "utf8"),
    ]);
  const library = new Map(read("lib").map(([, text]) => [packageOf(text), text]));
  const files = new Map<string, string>();
  for (const folder of ["rules", "requirements"]) {
    for (const [id, text] of read(folder)) {
      const severities = [...new Set([...text.matchAll(/"severity": "(\w+)"/g)].map((one) => one[1] as string))];
      files.set(`${folder}/templates/${id}.yaml`, written(template(id, text, library)));
      files.set(
        `${folder}/constraints/${id}.yaml`,
        written(...severities.map((one) => constraint(id, one, severities.length === 1))),
      );
    }
  }
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync(out, { recursive: true, force: true });
  for (const [name, text] of gatekeeperFiles()) {
    mkdirSync(dirname(join(out, name)), { recursive: true });
    writeFileSync(join(out, name), text);
  }
}
