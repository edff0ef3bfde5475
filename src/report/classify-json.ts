// The document of `classify`.
import type * as z from "zod/mini";
import type { Cause, Classification } from "../causes/cause.ts";
import type { classifyDocument } from "./classify-schema.ts";
import { documentHead } from "./json.ts";
import type { RenderOptions } from "./options.ts";
import { jsonText } from "./safe.ts";

type ClassifyDocument = z.infer<typeof classifyDocument>;
type CauseFields = ClassifyDocument["causes"][number];

/** @param top how many of the causes to list; 0 for all */
export function classifyJson(answer: Classification, options: Pick<RenderOptions, "version">, top = 0): string {
  const [first] = answer.causes;
  const evidence = first?.evidence ?? answer.none?.evidence;
  const document: ClassifyDocument = {
    ...documentHead("classify", options),
    category: first?.category ?? "none",
    subcategory: first?.subcategory ?? answer.none?.subcategory ?? "unknown",
    ...(first?.coarse === undefined ? {} : { coarse: first.coarse }),
    disposition: first?.disposition ?? "none",
    confidence: first?.confidence ?? "certain",
    evidence: evidence === undefined ? null : { ...evidence },
    paths: [...(first?.paths ?? [])],
    remedy: first?.remedies[0] === undefined ? null : { ...first.remedies[0] },
    causes: answer.causes.slice(0, top === 0 ? undefined : top).map(causeFields),
    lines: answer.lines,
  };
  return `${jsonText(document)}\n`;
}

/** A cause as documents have it. */
export function causeFields(cause: Cause): CauseFields {
  const { category, subcategory, coarse, disposition, confidence, message, evidence, paths, module, where, remedies } =
    cause;
  return {
    category,
    subcategory,
    ...(coarse === undefined ? {} : { coarse }),
    disposition,
    confidence,
    message,
    evidence: { line: evidence.line, text: evidence.text },
    paths: [...paths],
    ...(module === undefined ? {} : { module: { ...module } }),
    where,
    remedies: remedies.map((remedy) => ({ ...remedy })),
  };
}
