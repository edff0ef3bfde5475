// A program that walks a directory and prints what it met and missed, as JSON: for tests that look as another user.
import { lstatSync } from "node:fs";
import { Walk } from "../../src/tree/walk.ts";

const root = process.argv[2] as string;
const paths: string[] = [];
const walk = new Walk<string>(
  {
    enter: (_name, path) => {
      paths.push(path);
      return path;
    },
    visit: (name, _stats, directory) => {
      paths.push(`${directory}/${name}`);
    },
    finish: () => undefined,
  },
  [{ path: root, directory: root }],
  { device: lstatSync(root).dev, mountPoints: new Set(process.argv.slice(3)) },
);
walk.advance();
console.log(JSON.stringify({ paths: paths.sort(), ...walk.missed }));
