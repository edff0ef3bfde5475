// The version, put in by the build; when run from source, none has been built.
declare const __VERSION__: string | undefined;

export const version: string = typeof __VERSION__ === "string" ? __VERSION__ : "0.0.0-source";
