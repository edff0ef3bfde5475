// What a CI service's environment tells about the job, in OpenTelemetry's names: semantic conventions, cicd.* and vcs.*.
import type { Environment } from "../host/container.ts";

/** An attribute, and the variables that can tell it: the first one that is set counts. `{A}/{B}` is made of several. */
const services: readonly {
  readonly when: string;
  readonly attributes: Readonly<Record<string, string>>;
}[] = [
  {
    when: "GITHUB_ACTIONS",
    attributes: {
      "cicd.pipeline.name": "{GITHUB_WORKFLOW}",
      "cicd.pipeline.run.id": "{GITHUB_RUN_ID}",
      "cicd.pipeline.run.url.full": "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}",
      "cicd.pipeline.task.name": "{GITHUB_JOB}",
      "cicd.worker.name": "{RUNNER_NAME}",
      "vcs.repository.url.full": "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}",
      "vcs.ref.head.name": "{GITHUB_REF_NAME}",
      "vcs.ref.head.revision": "{GITHUB_SHA}",
    },
  },
  {
    when: "GITLAB_CI",
    attributes: {
      "cicd.pipeline.name": "{CI_PROJECT_PATH}",
      "cicd.pipeline.run.id": "{CI_PIPELINE_ID}",
      "cicd.pipeline.run.url.full": "{CI_PIPELINE_URL}",
      "cicd.pipeline.task.name": "{CI_JOB_NAME}",
      "cicd.pipeline.task.run.id": "{CI_JOB_ID}",
      "cicd.pipeline.task.run.url.full": "{CI_JOB_URL}",
      "cicd.worker.id": "{CI_RUNNER_ID}",
      "vcs.repository.url.full": "{CI_PROJECT_URL}",
      "vcs.ref.head.name": "{CI_COMMIT_REF_NAME}",
      "vcs.ref.head.revision": "{CI_COMMIT_SHA}",
    },
  },
  {
    when: "JENKINS_URL",
    attributes: {
      "cicd.pipeline.name": "{JOB_NAME}",
      "cicd.pipeline.run.id": "{BUILD_NUMBER}",
      "cicd.pipeline.run.url.full": "{BUILD_URL}",
      "cicd.worker.name": "{NODE_NAME}",
      "vcs.ref.head.name": "{BRANCH_NAME}",
      "vcs.ref.head.revision": "{GIT_COMMIT}",
    },
  },
  {
    when: "CIRCLECI",
    attributes: {
      "cicd.pipeline.name": "{CIRCLE_PROJECT_REPONAME}",
      "cicd.pipeline.run.id": "{CIRCLE_WORKFLOW_ID}",
      "cicd.pipeline.task.name": "{CIRCLE_JOB}",
      "cicd.pipeline.task.run.url.full": "{CIRCLE_BUILD_URL}",
      "vcs.ref.head.name": "{CIRCLE_BRANCH}",
      "vcs.ref.head.revision": "{CIRCLE_SHA1}",
    },
  },
  {
    when: "BUILDKITE",
    attributes: {
      "cicd.pipeline.name": "{BUILDKITE_PIPELINE_SLUG}",
      "cicd.pipeline.run.id": "{BUILDKITE_BUILD_ID}",
      "cicd.pipeline.run.url.full": "{BUILDKITE_BUILD_URL}",
      "cicd.pipeline.task.name": "{BUILDKITE_LABEL}",
      "cicd.pipeline.task.run.id": "{BUILDKITE_JOB_ID}",
      "cicd.worker.name": "{BUILDKITE_AGENT_NAME}",
      "vcs.ref.head.name": "{BUILDKITE_BRANCH}",
      "vcs.ref.head.revision": "{BUILDKITE_COMMIT}",
    },
  },
  {
    when: "TF_BUILD",
    attributes: {
      "cicd.pipeline.name": "{BUILD_DEFINITIONNAME}",
      "cicd.pipeline.run.id": "{BUILD_BUILDID}",
      "cicd.pipeline.task.name": "{SYSTEM_JOBDISPLAYNAME}",
      "cicd.worker.name": "{AGENT_NAME}",
      "vcs.ref.head.name": "{BUILD_SOURCEBRANCHNAME}",
      "vcs.ref.head.revision": "{BUILD_SOURCEVERSION}",
    },
  },
];

/** The attributes of the job that we run in; empty outside of the services that are known. */
export function cicdAttributes(env: Environment): Record<string, string> {
  const service = services.find(({ when }) => !["", "false", undefined].includes(env[when]));
  const attributes: Record<string, string> = {};
  for (const [name, template] of Object.entries(service?.attributes ?? {})) {
    let missing = false;
    const value = template.replace(/\{(\w+)\}/g, (_, variable: string) => {
      missing ||= !env[variable];
      return env[variable] ?? "";
    });
    if (!missing) attributes[name] = withoutUserinfo(value);
  }
  return attributes;
}

/** Some services put a token into the repository's address. */
function withoutUserinfo(value: string): string {
  return value.replace(/^([a-z]+:\/\/)[^/@]*@/i, "$1");
}
