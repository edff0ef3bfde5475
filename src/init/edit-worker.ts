// The program of a child of root: becomes the owner of the file, then edits it with that user's rights alone.
import { readFileSync } from "node:fs";
import { UserError } from "../error.ts";
import { type Answer, edit, type Task } from "./as-owner.ts";
import { dropTo } from "./drop.ts";

/** Whatever happens is told in JSON: the caller words it. */
function work(): Answer {
  try {
    const task = JSON.parse(readFileSync(0, "utf8")) as Task;
    dropTo(task.identity);
    process.umask(task.umask);
    return { edited: edit(task.edit) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { refused: { message: error.message, hint: error.hint, status: error.status } };
  }
}

process.stdout.write(JSON.stringify(work()));
